"""Sets of targets kept by name, to use again in this round or another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Id, Line, Revision


class TargetSet(Base):
    """Targets in order of importance, as in a selection, for so many places."""

    __tablename__ = "target_sets"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    name: Mapped[Line]
    size: Mapped[int]
    targets: Mapped[list[dict[str, Any]]]
    saved_by_name: Mapped[Line]
    saved_at: Mapped[datetime]
    revision: Mapped[Revision]
