"""Versions of templates"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
    ]


def upgrade() -> None:
    """Tables of their own: nothing else waits for them."""
    op.create_table(
        "template_versions",
        *_text(),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["hash"], ["templates.hash"], name=op.f("fk_template_versions_hash_templates")),
        sa.PrimaryKeyConstraint("kind", "language", "number", name=op.f("pk_template_versions")),
    )
    op.create_table(
        "template_texts",
        *_text(),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "language", name=op.f("pk_template_texts")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("template_texts")
    op.drop_table("template_versions")
