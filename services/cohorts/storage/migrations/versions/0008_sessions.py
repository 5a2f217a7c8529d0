"""Series, places, groups, materials, attendance, calendars to subscribe to, welcome packs and signposts"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW = (
    "signposts",
    "welcome_acknowledgements",
    "welcome_packs",
    "calendar_feeds",
    "material_contents",
    "session_materials",
    "attendance",
    "group_members",
    "participant_groups",
    "session_places",
)
_COLUMNS = ("attendance_code", "capacity", "joining", "group_id", "series_id", "facilitator")


def upgrade() -> None:
    """Columns with defaults that need no rewrite, and tables of their own."""
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facilitator", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("series_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("group_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("joining", sa.String(length=40), nullable=False, server_default="invited"))
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("attendance_code", sa.String(length=40), nullable=False, server_default=""))
        batch_op.create_index("ix_sessions_series_id", ["series_id"])
    _places_and_groups()
    _materials_and_attendance()
    _welcome()


def _places_and_groups() -> None:
    op.create_table(
        "session_places",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_session_places_session_id_sessions")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_places")),
    )
    op.create_index("ix_session_places_queue", "session_places", ["session_id", "state", "at"])
    op.create_index("ix_session_places_person_id", "session_places", ["person_id"])
    op.create_table(
        "participant_groups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_participant_groups_cohort_id_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_groups")),
        sa.UniqueConstraint("cohort_id", "name", name=op.f("uq_participant_groups_cohort_id_name")),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["participant_groups.id"], name=op.f("fk_group_members_group_id_participant_groups")
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_group_members")),
    )
    op.create_index("ix_group_members_person_id", "group_members", ["person_id"])


def _materials_and_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("by_name", sa.String(length=400), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_attendance_session_id_sessions")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_attendance")),
    )
    op.create_index("ix_attendance_person_id", "attendance", ["person_id"])
    op.create_table(
        "session_materials",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("filename", sa.String(length=400), nullable=False),
        sa.Column("media_type", sa.String(length=400), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_session_materials_session_id_sessions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_materials")),
    )
    op.create_index("ix_session_materials_session_id", "session_materials", ["session_id"])
    op.create_table(
        "material_contents",
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["session_materials.id"], name=op.f("fk_material_contents_material_id_session_materials")
        ),
        sa.PrimaryKeyConstraint("material_id", name=op.f("pk_material_contents")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_feeds_person_id")),
    )


def _welcome() -> None:
    op.create_table(
        "welcome_packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_name", sa.String(length=400), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_welcome_packs_cohort_id_cohorts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welcome_packs")),
        sa.UniqueConstraint(
            "cohort_id", "language", "version", name=op.f("uq_welcome_packs_cohort_id_language_version")
        ),
    )
    op.create_table(
        "welcome_acknowledgements",
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"], ["welcome_packs.id"], name=op.f("fk_welcome_acknowledgements_pack_id_welcome_packs")
        ),
        sa.PrimaryKeyConstraint("pack_id", "person_id", name=op.f("pk_welcome_acknowledgements")),
    )
    op.create_index("ix_welcome_acknowledgements_person_id", "welcome_acknowledgements", ["person_id"])
    op.create_table(
        "signposts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=400), nullable=False),
        sa.Column("link", sa.String(length=400), nullable=False),
        sa.Column("phone", sa.String(length=400), nullable=False),
        sa.Column("area", sa.String(length=400), nullable=False),
        sa.Column("languages", sa.String(length=400), nullable=False),
        sa.Column("owner_name", sa.String(length=400), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signposts")),
    )
    op.create_index("ix_signposts_review_on", "signposts", ["review_on"])


def downgrade() -> None:
    """Undo it."""
    for table in _NEW:
        op.drop_table(table)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_series_id")
        for column in _COLUMNS:
            batch_op.drop_column(column)
