"""The cohort once it is running: participants, sessions and who is invited to each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class Cohort(Base):
    """The people of one round who go through the programme together."""

    __tablename__ = "cohorts"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), unique=True)
    title: Mapped[Line]
    zone: Mapped[Code]
    places: Mapped[int]
    created_at: Mapped[datetime]


class Participant(Base):
    """Somebody who accepted a place."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    joined_at: Mapped[datetime]


class ProgrammeSession(Base):
    """A session. The wall time in its own zone is what was promised; `starts_at` and `ends_at` are computed from it."""

    __tablename__ = "sessions"

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"), index=True)
    uid: Mapped[Line] = mapped_column(unique=True)
    calendar_sequence: Mapped[int]
    status: Mapped[Code]
    """scheduled or cancelled."""
    title: Mapped[Line]
    purpose: Mapped[str] = mapped_column(Text)
    local_start: Mapped[Code]
    """ISO 8601 wall time without an offset, to the minute."""
    fold: Mapped[int]
    """Which of the two when the clocks go back over `local_start`: 0 the first, 1 the second."""
    minutes: Mapped[int]
    zone: Mapped[Code]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[Line]
    link: Mapped[Line]
    access_notes: Mapped[str] = mapped_column(Text)
    facilitator: Mapped[Line] = mapped_column(default="")
    series_id: Mapped[UUID | None] = mapped_column(index=True)
    """What it shares with the other sessions that were scheduled together; each is an event of its own."""
    group_id: Mapped[UUID | None]
    """The group it is for; None: the whole cohort."""
    joining: Mapped[Code] = mapped_column(default="invited")
    """invited: everybody it is for; sign_up: whoever takes a place."""
    capacity: Mapped[int | None]
    """How many may sign up; the rest wait. None: as many as like."""
    attendance_code: Mapped[Code] = mapped_column(default="")
    revision: Mapped[Revision]


class SessionInvitation(Base):
    """Who is invited to a session. A row that is not current remembers that somebody was taken off."""

    __tablename__ = "session_invitations"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    current: Mapped[bool]
