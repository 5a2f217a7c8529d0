"""What became of everything that was sent: the numbers behind staff's picture."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.notifications.storage.messages import GROUPS, group_of
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork


@dataclass(frozen=True)
class Outcomes:
    """`by_day`: each day (UTC) with how many messages of each group were asked for on it; `by_kind` the same by kind.
    `totals` of the same days. `oldest`: since when the longest-waiting message has waited."""

    by_day: list[tuple[date, Mapping[str, int]]]
    by_kind: list[tuple[str, Mapping[str, int]]]
    totals: Mapping[str, int]
    states: Mapping[str, int]
    suppressed: int
    held: int
    oldest: datetime | None
    dry_run: bool


def see_outcomes(uow: NotificationsUnitOfWork, days: int) -> Outcomes:
    """The numbers of the last `days` days, today included."""
    first = uow.now.date() - timedelta(days=days - 1)
    by_day: dict[date, Counter[str]] = {first + timedelta(days=n): Counter() for n in range(days)}
    by_kind: dict[str, Counter[str]] = {}
    states: Counter[str] = Counter()
    for day, kind, state, count in uow.messages.outcomes(first):
        group = group_of(state)
        by_day.setdefault(day, Counter())[group] += count
        by_kind.setdefault(kind, Counter())[group] += count
        states[state] += count
    totals = sum(by_day.values(), Counter())
    return Outcomes(
        by_day=sorted(by_day.items()),
        by_kind=sorted(by_kind.items(), key=lambda pair: -sum(pair[1].values())),
        totals={group: totals[group] for group in GROUPS},
        states=states,
        suppressed=uow.suppressions.count(uow.now),
        held=uow.messages.counts().get("held", 0),
        oldest=uow.messages.oldest_waiting(uow.now),
        dry_run=uow.context.dry_run or uow.settings.get().dry_run,
    )
