"""Requests to look again at a decision, and complaints: each with a clock, an officer and a trail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class CaseRow(Base):
    """One case: a review request about an application's outcome, or a complaint about how a round was run."""

    __tablename__ = "cases"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    """review or complaint."""
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    application_id: Mapped[UUID | None] = mapped_column(index=True)
    ground: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    wish: Mapped[str] = mapped_column(Text)
    """What would put it right, in their own words."""
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    """open, assigned, decided, closed or withdrawn."""
    officer_id: Mapped[UUID | None] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    respond_by: Mapped[datetime]
    """The first moment that is too late."""
    outcome: Mapped[str] = mapped_column(String(20))
    letter: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class CaseEntryRow(Base):
    """One thing that was done in a case. Only ever added."""

    __tablename__ = "case_entries"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor: Mapped[str] = mapped_column(String(400))
    action: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)


class CaseSettingsRow(Base):
    """How many working days each kind of case may take, and the days that are none. One row."""

    __tablename__ = "case_settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    review_days: Mapped[int]
    complaint_days: Mapped[int]
    window_days: Mapped[int]
    """Working days after a decision in which a review may be asked for."""
    holidays: Mapped[list[str]]


class PanelSeatRow(Base):
    """Somebody who is or was on a round's panel: they never decide a case of that round."""

    __tablename__ = "panel_seats"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
