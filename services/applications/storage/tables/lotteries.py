"""This service's copy of what is published of lotteries: where people can look, and how far each is."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class RoundLotteryRow(Base):
    """A public lottery of a round: promised, worked_out, drawn or ended."""

    __tablename__ = "round_lotteries"

    lottery_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(20))
    link: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int]
