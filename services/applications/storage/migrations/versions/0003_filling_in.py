"""What filling in keeps: helpers, who changed what, files, personal deadlines, typed-in paper"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_application(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["application_id"],
        ["applications.id"],
        name=op.f(f"fk_{table}_application_id_applications"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    """New tables alone: nothing that is in use waits for them."""
    op.create_table(
        "helpers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("sections", _JSON, nullable=False),
        sa.Column("may_submit", sa.Boolean(), nullable=False),
        _moment("invited_at"),
        _moment("accepted_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=False),
        _of_application("helpers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helpers")),
    )
    op.create_index(op.f("ix_helpers_application_id"), "helpers", ["application_id"])
    op.create_index(op.f("ix_helpers_email"), "helpers", ["email"])
    op.create_table(
        "changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.String(length=100), nullable=False),
        sa.Column("questions", _JSON, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        _moment("at"),
        _of_application("changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_application_at", "changes", ["application_id", "at"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        _moment("added_at"),
        _moment("checked_at", nullable=True),
        _of_application("uploads"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_application_id"), "uploads", ["application_id"])
    op.create_table(
        "stored_files",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        _moment("closes_at"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        _moment("given_at"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_extensions_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_person_id"), "extensions", ["person_id"])
    op.create_index("ix_extensions_round_person", "extensions", ["round_id", "person_id", "given_at"])
    op.create_table(
        "entries",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        _moment("received_at"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("typed_by", sa.Uuid(), nullable=False),
        _moment("typed_at"),
        _of_application("entries"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_entries")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("entries", "extensions", "stored_files", "uploads", "changes", "helpers"):
        op.drop_table(table)
