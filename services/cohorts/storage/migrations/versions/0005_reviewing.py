"""Calibration, notes, history, discussion and redaction of reviews"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """New tables, and columns with a default on old ones: nothing is rewritten."""
    _calibration()
    _reading()
    op.add_column("rounds", sa.Column("rubric_revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("review_versions", sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("review_versions", sa.Column("flag_reason", sa.String(400), nullable=False, server_default=""))
    op.add_column("review_versions", sa.Column("note", sa.String(400), nullable=False, server_default=""))
    op.add_column("review_versions", sa.Column("phase", sa.String(40), nullable=False, server_default="scoring"))


def _calibration() -> None:
    op.create_table(
        "calibration_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(400), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(400), nullable=False),
        sa.Column("leniency_sd", sa.Double(), nullable=True),
        sa.Column("noise_sd", sa.Double(), nullable=True),
        sa.Column("tie", sa.Double(), nullable=True),
        sa.Column("refused", JSON, nullable=True),
        *(sa.Column(name, JSON, nullable=False) for name in ("reviewers", "applications", "disagreements", "criteria")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_calibration_runs_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_runs")),
    )
    op.create_index("ix_calibration_runs_round_id", "calibration_runs", ["round_id"])
    op.create_table(
        "calibrated_scores",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.Double(), nullable=False),
        sa.Column("adjusted", sa.Double(), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_calibrated_scores_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["calibration_runs.id"], name=op.f("fk_calibrated_scores_run_id_calibration_runs")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_calibrated_scores")),
    )
    op.create_index("ix_calibrated_scores_run_id", "calibrated_scores", ["run_id"])


def _reading() -> None:
    op.create_table(
        "review_notes",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_review_notes_assignment_id_assignments")
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_review_notes")),
    )
    op.create_table(
        "redactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(400), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("original", sa.String(400), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_redactions_application_id_applications")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redactions")),
    )
    op.create_index("ix_redactions_application_id", "redactions", ["application_id", "question_id", "id"])
    op.create_table(
        "discussion_posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("panel_member_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", sa.String(400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(400), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_discussion_posts_application_id_applications")
        ),
        sa.ForeignKeyConstraint(
            ["panel_member_id"], ["panel_members.id"], name=op.f("fk_discussion_posts_panel_member_id_panel_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_posts")),
    )
    op.create_index("ix_discussion_posts_application_id", "discussion_posts", ["application_id", "id"])


def downgrade() -> None:
    """Undo it."""
    for column in ("phase", "note", "flag_reason", "flagged"):
        op.drop_column("review_versions", column)
    op.drop_column("rounds", "rubric_revision")
    for table in ("discussion_posts", "redactions", "review_notes", "calibrated_scores", "calibration_runs"):
        op.drop_table(table)
