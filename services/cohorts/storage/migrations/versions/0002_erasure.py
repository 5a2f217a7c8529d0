"""What an erasure leaves behind"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tables for people erased, retention, and cases about applications."""
    op.create_table(
        "case_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_marks")),
    )
    with op.batch_alter_table("case_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_marks_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_marks_round_id"), ["round_id"], unique=False)

    op.create_table(
        "erased_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("salt", sa.String(length=40), nullable=False),
        sa.Column(
            "addresses", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erased_people")),
    )
    with op.batch_alter_table("erased_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erased_people_erased_at"), ["erased_at"], unique=False)

    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=400), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_rules")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "counts", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    with op.batch_alter_table("retention_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_retention_runs_at"), ["at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("retention_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_retention_runs_at"))

    op.drop_table("retention_runs")
    op.drop_table("retention_rules")
    with op.batch_alter_table("erased_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erased_people_erased_at"))

    op.drop_table("erased_people")
    with op.batch_alter_table("case_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_marks_round_id"))
        batch_op.drop_index(batch_op.f("ix_case_marks_application_id"))

    op.drop_table("case_marks")
