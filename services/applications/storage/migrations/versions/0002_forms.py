"""What the form builder and the register of organisations keep"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forms being built, notes on their versions, the interest list, and the register of organisations."""
    op.create_table(
        "form_drafts",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_form_drafts_round_id_rounds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_form_drafts")),
    )
    # With defaults of the database, so that the code before this one can still write versions.
    op.add_column("form_versions", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("form_versions", sa.Column("published_by", sa.String(length=200), nullable=False, server_default=""))
    op.create_table(
        "interests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("nonce", sa.String(length=40), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        sa.UniqueConstraint("email", name=op.f("uq_interests_email")),
    )
    op.create_index(op.f("ix_interests_asked_at"), "interests", ["asked_at"])
    _organisations()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["organisations.id"], name=op.f("fk_organisations_merged_into_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(op.f("ix_organisations_merged_into"), "organisations", ["merged_into"])
    op.create_table(
        "organisation_names",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        _of_organisation("organisation_names", "organisation_id"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisation_names")),
    )
    op.create_index(op.f("ix_organisation_names_organisation_id"), "organisation_names", ["organisation_id"])
    op.create_table(
        "organisation_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_organisation("organisation_changes", "organisation_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_changes")),
    )
    op.create_index(op.f("ix_organisation_changes_organisation_id"), "organisation_changes", ["organisation_id"])
    op.create_table(
        "different_organisations",
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        _of_organisation("different_organisations", "one"),
        _of_organisation("different_organisations", "other"),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_different_organisations")),
    )


def _of_organisation(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["organisations.id"], name=op.f(f"fk_{table}_{column}_organisations"))


def downgrade() -> None:
    """Undo it."""
    for table in (
        "different_organisations",
        "organisation_changes",
        "organisation_names",
        "organisations",
        "interests",
    ):
        op.drop_table(table)
    with op.batch_alter_table("form_versions") as versions:
        versions.drop_column("published_by")
        versions.drop_column("note")
    op.drop_table("form_drafts")
