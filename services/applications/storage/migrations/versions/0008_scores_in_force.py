"""The score in force is found by the round's version of its rules, and is no longer copied into the application."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_CARRIED = """
INSERT INTO scores (application_id, rules_version, made_by, round_id, score, breakdown, scored_at)
SELECT a.id, r.rules_version, a.rules_version, a.round_id, a.score, a.breakdown, coalesce(a.submitted_at, a.updated_at)
FROM applications a JOIN rounds r ON r.id = a.round_id
WHERE a.score IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM scores s WHERE s.application_id = a.id AND s.rules_version = r.rules_version)
"""
_BACK = """
UPDATE applications SET
    score = (SELECT s.score {found}), rules_version = (SELECT s.made_by {found}),
    breakdown = coalesce((SELECT s.breakdown {found}), breakdown)
""".format(
    found="FROM scores s JOIN rounds r ON r.id = s.round_id AND r.rules_version = s.rules_version "
    "WHERE s.application_id = applications.id"
)


def upgrade() -> None:
    """Move them. A server of the version before cannot work with this: end it first."""
    with op.batch_alter_table("scores") as table:
        table.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("round_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE scores SET made_by = rules_version, "
        "round_id = (SELECT round_id FROM applications WHERE applications.id = scores.application_id)"
    )
    op.execute(_CARRIED)
    with op.batch_alter_table("scores") as table:
        table.alter_column("made_by", existing_type=sa.Integer(), nullable=False)
        table.alter_column("round_id", existing_type=sa.Uuid(), nullable=False)
    op.create_index("ix_scores_round_order", "scores", ["round_id", "rules_version", "score", "application_id"])
    op.drop_index("ix_applications_round_score", "applications")
    for name in ("breakdown", "rules_version", "score"):
        # Not in a batch: that makes the table anew on SQLite, and what hangs on the old rows would go with them.
        op.drop_column("applications", name)


def downgrade() -> None:
    """Copy the scores in force back."""
    op.add_column("applications", sa.Column("score", sa.Float(), nullable=True))
    op.add_column("applications", sa.Column("rules_version", sa.Integer(), nullable=True))
    op.add_column("applications", sa.Column("breakdown", _JSON, server_default="[]", nullable=False))
    op.execute(_BACK)
    op.create_index("ix_applications_round_score", "applications", ["round_id", "state", "score", "id"])
    op.drop_index("ix_scores_round_order", "scores")
    op.execute("DELETE FROM scores WHERE made_by <> rules_version")
    with op.batch_alter_table("scores") as table:
        table.drop_column("round_id")
        table.drop_column("made_by")
