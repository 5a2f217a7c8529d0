"""Public lotteries: a promise first, then the chances, then the draw."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class LotteryDraw(Base):
    """One lottery. What was published at a step never changes at a later one."""

    __tablename__ = "lotteries"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    title: Mapped[Line]
    state: Mapped[Code]
    """promised, worked_out, drawn or ended."""
    created_by_name: Mapped[Line]
    promised_at: Mapped[datetime]
    before_closing: Mapped[bool]
    commitment: Mapped[Line]
    """SHA-256 of the secret, public from the start."""
    secret: Mapped[Line]
    """Half of the seed, or all of it: shown to nobody, staff included, until the draw."""
    source: Mapped[Line]
    """A public number that nobody knows yet, in words; "" when the secret alone is the seed."""
    source_at: Mapped[datetime | None]
    aim: Mapped[Code]
    scope: Mapped[Code]
    """pool, or band: those within `band_width` points of the other outcome."""
    band_width: Mapped[float]
    size: Mapped[int]
    targets: Mapped[list[dict[str, Any]]]
    pinned_in: Mapped[list[dict[str, Any]]]
    pinned_out: Mapped[list[dict[str, Any]]]
    worked_out_at: Mapped[datetime | None]
    data_hash: Mapped[Line]
    salt: Mapped[Line]
    """Makes tickets of references: nobody outside can tell whose ticket is whose."""
    published: Mapped[str] = mapped_column(Text)
    """The anonymised file, byte for byte as it was published with the chances."""
    file_hash: Mapped[Line]
    figures: Mapped[dict[str, Any]]
    source_value: Mapped[Line]
    seed: Mapped[Line]
    drawn_at: Mapped[datetime | None]
    drawn: Mapped[list[str]]
    """The tickets drawn."""
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("selection_runs.id"))
    revision: Mapped[Revision]
