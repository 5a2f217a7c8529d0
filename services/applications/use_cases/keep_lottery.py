"""Keep where a round's public lotteries can be looked at."""

from sqlalchemy import select

from services.applications.storage.tables import RoundLotteryRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.cohorts import LotteryPublished


def keep_lottery(uow: ApplicationsUnitOfWork, event: LotteryPublished) -> None:
    """Keep where a lottery stands; the newest word wins."""
    if uow.session.scalar(select(RoundRow.id).where(RoundRow.id == event.round_id)) is None:
        return
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    known = uow.session.get(RoundLotteryRow, event.lottery_id)
    if known is None or known.sequence < uow.cause.sequence:
        uow.session.merge(
            RoundLotteryRow(
                lottery_id=event.lottery_id,
                round_id=event.round_id,
                title=event.title[:400],
                state=event.state,
                link=event.link,
                sequence=uow.cause.sequence,
            )
        )
