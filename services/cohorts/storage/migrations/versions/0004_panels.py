"""Terms, capacity and phases of a panel"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_DATES = ("scoring_opens_at", "scoring_due_at", "discussion_closes_at")


def upgrade() -> None:
    """New columns have a default or may be empty, so that no row has to be written anew."""
    for name in _DATES:
        op.add_column("round_plans", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("panel_members", sa.Column("languages", JSON, nullable=False, server_default="[]"))
    op.add_column("panel_members", sa.Column("expertise", JSON, nullable=False, server_default="[]"))
    op.add_column("panel_members", sa.Column("organisation", sa.String(400), nullable=False, server_default=""))
    op.add_column("panel_members", sa.Column("terms_version", sa.Integer(), nullable=True))
    op.add_column("panel_members", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "panel_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=400), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_terms")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_panel_terms_round_id_rounds")),
        sa.UniqueConstraint("round_id", "version", name=op.f("uq_panel_terms_round_id_version")),
    )
    op.create_table(
        "terms_acceptances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_member_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
        sa.ForeignKeyConstraint(
            ["panel_member_id"], ["panel_members.id"], name=op.f("fk_terms_acceptances_panel_member_id_panel_members")
        ),
        sa.UniqueConstraint("panel_member_id", "version", name=op.f("uq_terms_acceptances_panel_member_id_version")),
    )
    op.create_table(
        "organisation_names",
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("canonical", sa.String(length=400), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name_key", name=op.f("pk_organisation_names")),
    )
    op.create_index("ix_organisation_names_canonical", "organisation_names", ["canonical"])
    op.create_table(
        "assignment_drafts",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=40), nullable=False),
        sa.Column("situation", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", JSON, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "mode", name=op.f("pk_assignment_drafts")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_assignment_drafts_round_id_rounds")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("assignment_drafts", "organisation_names", "terms_acceptances", "panel_terms"):
        op.drop_table(table)
    for name in ("reminded_at", "terms_version", "organisation", "expertise", "languages"):
        op.drop_column("panel_members", name)
    for name in reversed(_DATES):
        op.drop_column("round_plans", name)
