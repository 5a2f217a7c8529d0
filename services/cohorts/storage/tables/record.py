"""The decision record: rows that are only ever added, each sealed with the hash of the one before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Line


class RecordEntry(Base):
    """Who did what, when, to what."""

    __tablename__ = "decision_record"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor: Mapped[Line]
    action: Mapped[Code]
    round_id: Mapped[UUID | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    previous: Mapped[Line]
    hash: Mapped[Line]


class RecordHead(Base):
    """The last entry. Its row is the lock that makes writers take turns, and shows when the end was cut off."""

    __tablename__ = "decision_record_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    hash: Mapped[Line]
