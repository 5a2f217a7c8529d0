"""Drafts of rules, rescoring step by step, and the orders of the staff list."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_ORDERS = {
    "ix_applications_round_reference": ["round_id", "state", "reference", "id"],
}


def upgrade() -> None:
    """Add them. Nothing that is there changes, so a server of the version before goes on working."""
    op.create_table(
        "rules_drafts",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("definition", _JSON, nullable=False),
        sa.Column("updated_by", sa.String(length=400), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_rules_drafts_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_rules_drafts")),
    )
    op.create_table(
        "rescores",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.String(length=400), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_rescores_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "rules_version", name=op.f("pk_rescores")),
    )
    op.add_column("rules_versions", sa.Column("published_by", sa.String(length=400), server_default="", nullable=False))
    op.add_column("rules_versions", sa.Column("form_version", sa.Integer(), nullable=True))
    for name, columns in _ORDERS.items():
        op.create_index(name, "applications", columns)


def downgrade() -> None:
    """Take them away again."""
    for name in _ORDERS:
        op.drop_index(name, "applications")
    with op.batch_alter_table("rules_versions") as table:
        table.drop_column("form_version")
        table.drop_column("published_by")
    op.drop_table("rescores")
    op.drop_table("rules_drafts")
