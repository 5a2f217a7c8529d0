"""Feedback that somebody approves, and a stock of phrases for it"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns with a default that needs no rewrite, and a table of its own."""
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("feedback_by_name", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approved_by_name", sa.String(length=400), nullable=False, server_default=""))
    op.create_table(
        "feedback_phrases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_phrases")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("feedback_phrases")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("approved_by_name")
        batch_op.drop_column("approved_at")
        batch_op.drop_column("feedback_by_name")
