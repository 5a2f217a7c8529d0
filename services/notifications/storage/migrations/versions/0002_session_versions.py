"""Messages say which version of a session they tell, and reminders how long before it they go"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns that may be empty: no rewrite, and old rows mean what they meant."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("session_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reminder_minutes", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(
            "uq_messages_reminder", ["session_id", "session_sequence", "recipient", "reminder_minutes"]
        )
    op.execute("UPDATE messages SET session_version = session_sequence WHERE session_method IS NOT NULL")


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint("uq_messages_reminder", type_="unique")
        batch_op.drop_column("reminder_minutes")
        batch_op.drop_column("session_version")
