"""Rates by equality answers, worked out once for a round. Counts alone, small ones kept back; nobody's answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class EqualityRatesRow(Base):
    """One round's rates. Never worked out again: the difference of two would tell about single people."""

    __tablename__ = "equality_rates"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]]
    """`shared.impact.rates.Rates.as_json`."""
    by_name: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
