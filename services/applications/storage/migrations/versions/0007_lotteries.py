"""Where people can look at a round's public lotteries."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Nothing that is there changes, so a server of the version before goes on working."""
    op.create_table(
        "round_lotteries",
        sa.Column("lottery_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_lotteries_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lottery_id", name=op.f("pk_round_lotteries")),
    )
    op.create_index(op.f("ix_round_lotteries_round_id"), "round_lotteries", ["round_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("round_lotteries")
