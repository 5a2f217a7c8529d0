"""What staff note on the shortlist: marks on applications, and views that they want to come back to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line


class ShortlistMark(Base):
    """A flag or a note that staff put on an application. Taken back, it stays, with who did it and when."""

    __tablename__ = "shortlist_marks"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    kind: Mapped[Code]
    """flag or note."""
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID]
    by_name: Mapped[Line]
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[Line]


class SavedView(Base):
    """An order and filters of a round's shortlist under a name: its owner's, or everybody's on the staff."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("round_id", "owner_id", "name"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    owner_id: Mapped[UUID]
    owner_name: Mapped[Line]
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    """What stands after the ? in the address."""
    shared: Mapped[bool]
    created_at: Mapped[datetime]
