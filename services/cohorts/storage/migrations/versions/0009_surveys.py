"""Surveys, who is invited to them, and their answers, with and without names"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _json() -> sa.JSON:
    return sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Four new tables; nothing that is there is touched."""
    op.create_table(
        "surveys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("moment", sa.String(length=40), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("questions", _json(), nullable=False),
        sa.Column("words", _json(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.String(length=400), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_surveys_cohort_id_cohorts")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_surveys_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_cohort_id", "surveys", ["cohort_id"])
    op.create_index("ix_surveys_session_id", "surveys", ["session_id"])
    _answers()


def _answers() -> None:
    op.create_table(
        "survey_invitations",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_invitations_survey_id_surveys")),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_invitations")),
    )
    op.create_index("ix_survey_invitations_person_id", "survey_invitations", ["person_id"])
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("answers", _json(), nullable=False),
        sa.Column("texts", _json(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_survey_answers_survey_id_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("survey_id", "person_id", name=op.f("uq_survey_answers_survey_id_person_id")),
    )
    op.create_index("ix_survey_answers_person_id", "survey_answers", ["person_id"])
    op.create_table(
        "anonymous_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("answers", _json(), nullable=False),
        sa.Column("texts", _json(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_anonymous_answers_survey_id_surveys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_answers")),
    )
    op.create_index("ix_anonymous_answers_survey_id", "anonymous_answers", ["survey_id"])


def downgrade() -> None:
    """Undo it."""
    for table in ("anonymous_answers", "survey_answers", "survey_invitations", "surveys"):
        op.drop_table(table)
