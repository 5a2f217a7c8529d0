"""This service's copy of cases about applications: which decisions are being looked at again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id


class CaseMark(Base):
    """A review request or complaint about an application, as last heard of. No word of what it says."""

    __tablename__ = "case_marks"

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(index=True)
    round_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[Code]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Code]
