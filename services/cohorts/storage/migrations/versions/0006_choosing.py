"""Targets, lotteries and selections beside each other"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """What a selection was made of, sets of targets, and lotteries."""
    for name, default in (("kind", "selection"), ("scores", "raw")):
        op.add_column("selection_runs", sa.Column(name, sa.String(length=40), nullable=False, server_default=default))
    op.add_column("selection_runs", sa.Column("seed", sa.String(length=400), nullable=False, server_default=""))
    op.add_column("selected_people", sa.Column("points", sa.Double(), nullable=True))
    op.add_column("selected_people", sa.Column("exact", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("selected_people", sa.Column("rules", JSON, nullable=False, server_default="[]"))
    op.add_column("selected_people", sa.Column("instead", JSON, nullable=False, server_default="[]"))
    _target_sets()
    _lotteries()


def _target_sets() -> None:
    op.create_table(
        "target_sets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("targets", JSON, nullable=False),
        sa.Column("saved_by_name", sa.String(length=400), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_target_sets_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_sets")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_target_sets_round_id_name")),
    )


def _lotteries() -> None:
    op.create_table(
        "lotteries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_by_name", sa.String(length=400), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_closing", sa.Boolean(), nullable=False),
        sa.Column("commitment", sa.String(length=400), nullable=False),
        sa.Column("secret", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("source_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aim", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("band_width", sa.Double(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("targets", JSON, nullable=False),
        sa.Column("pinned_in", JSON, nullable=False),
        sa.Column("pinned_out", JSON, nullable=False),
        sa.Column("worked_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_hash", sa.String(length=400), nullable=False),
        sa.Column("salt", sa.String(length=400), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=400), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("source_value", sa.String(length=400), nullable=False),
        sa.Column("seed", sa.String(length=400), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drawn", JSON, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_lotteries_round_id_rounds")),
        sa.ForeignKeyConstraint(["run_id"], ["selection_runs.id"], name=op.f("fk_lotteries_run_id_selection_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lotteries")),
    )
    op.create_index("ix_lotteries_round_id", "lotteries", ["round_id"])


def downgrade() -> None:
    """Undo it."""
    op.drop_table("lotteries")
    op.drop_table("target_sets")
    for name in ("instead", "rules", "exact", "points"):
        op.drop_column("selected_people", name)
    for name in ("seed", "scores", "kind"):
        op.drop_column("selection_runs", name)
