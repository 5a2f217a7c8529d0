"""People who want to hear when a round opens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class InterestRow(Base):
    """An address on the interest list: nothing else is kept. Not confirmed: nothing but one message is sent to it."""

    __tablename__ = "interests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str] = mapped_column(String(40))
    """What its links are made from."""
    network_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
