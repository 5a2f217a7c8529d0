"""What belongs to sessions: places that people take, groups, materials, attendance, and calendars to subscribe to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class SessionPlace(Base):
    """Somebody who signed up for a session, or waits for a place."""

    __tablename__ = "session_places"
    __table_args__ = (Index("ix_session_places_queue", "session_id", "state", "at"),)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    state: Mapped[Code]
    """going or waiting."""
    at: Mapped[datetime]
    """Since when: the waiting list is in this order."""


class Group(Base):
    """Some people of a cohort who meet on their own."""

    __tablename__ = "participant_groups"
    __table_args__ = (UniqueConstraint("cohort_id", "name"),)

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    name: Mapped[Line]
    revision: Mapped[Revision]


class GroupMember(Base):
    """Who is in a group."""

    __tablename__ = "group_members"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("participant_groups.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


class Attendance(Base):
    """Whether somebody was at a session, and who says so."""

    __tablename__ = "attendance"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    state: Mapped[Code]
    """present, part, absent or excused."""
    minutes: Mapped[int | None]
    source: Mapped[Code]
    """staff, code or file."""
    by_name: Mapped[Line]
    at: Mapped[datetime]


class Material(Base):
    """A file or a link that belongs to a session."""

    __tablename__ = "session_materials"

    id: Mapped[Id]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    title: Mapped[Line]
    link: Mapped[Line]
    """"" for a file."""
    filename: Mapped[Line]
    """Under which a file is downloaded; "" for a link."""
    media_type: Mapped[Line]
    size: Mapped[int]
    release_at: Mapped[datetime | None]
    """Participants see it from then on; None: at once."""
    created_at: Mapped[datetime]
    created_by_name: Mapped[Line]


class MaterialContent(Base):
    """A file's bytes, apart, so that lists never carry them. In the database, so that one backup holds everything."""

    __tablename__ = "material_contents"

    material_id: Mapped[UUID] = mapped_column(ForeignKey("session_materials.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CalendarFeed(Base):
    """A person's private calendar address. A new nonce ends the old address."""

    __tablename__ = "calendar_feeds"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(unique=True)
    nonce: Mapped[Line]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
