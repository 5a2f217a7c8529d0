"""Public lotteries."""

from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import LotteryDraw


class Lotteries(Repository):
    """Lotteries, promised to drawn."""

    def get(self, id: UUID, *, lock: bool = False) -> LotteryDraw:
        """The lottery; raises NotFound."""
        return self._get(LotteryDraw, id, "lottery", lock=lock)

    def of_round(self, round_id: UUID) -> list[LotteryDraw]:
        """The round's lotteries, the newest first."""
        where = LotteryDraw.round_id == round_id
        return list(self.session.scalars(select(LotteryDraw).where(where).order_by(LotteryDraw.id.desc())))
