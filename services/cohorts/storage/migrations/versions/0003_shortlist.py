"""Marks on applications, saved views, and the orders of the shortlist."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables and one index: nothing is rewritten."""
    op.create_table(
        "shortlist_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_shortlist_marks_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_shortlist_marks_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortlist_marks")),
    )
    op.create_index(op.f("ix_shortlist_marks_round_id"), "shortlist_marks", ["round_id"])
    op.create_index(op.f("ix_shortlist_marks_application_id"), "shortlist_marks", ["application_id"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("owner_name", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_saved_views_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("round_id", "owner_id", "name", name=op.f("uq_saved_views_round_id_owner_id_name")),
    )
    op.create_index(op.f("ix_saved_views_round_id"), "saved_views", ["round_id"])
    op.create_index("ix_applications_spread", "applications", ["round_id", "state", "review_spread", "id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_applications_spread", "applications")
    op.drop_table("saved_views")
    op.drop_table("shortlist_marks")
