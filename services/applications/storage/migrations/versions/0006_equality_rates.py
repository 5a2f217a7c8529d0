"""Rates by equality answers, kept as counts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Add the table. Nothing that is there changes, so a server of the version before goes on working."""
    op.create_table(
        "equality_rates",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_equality_rates_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_equality_rates")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("equality_rates")
