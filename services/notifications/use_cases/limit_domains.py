"""No more messages a minute to one receiving domain than it likes to take, however many senders there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.notifications.storage.send_queue import Taken
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork

MINUTE = timedelta(minutes=1)


def within_limits(uow: NotificationsUnitOfWork, taken: Sequence[Taken]) -> list[Taken]:
    """Those that may go now; the others are put back, for a minute at most."""
    limits = uow.context.limits
    limited = {each.row.domain for each in taken if _limit(limits, each.row.domain) is not None} if limits else set()
    if not limited:
        return list(taken)
    counts, going = Counter(uow.send_queue.recent(limited, uow.now - MINUTE)), list[Taken]()
    # What others, or this sender's batch before, are about to hand over counts too; what was taken just now does not.
    counts += Counter(uow.send_queue.under_way(limited)) - Counter(each.row.domain for each in taken)
    for each in taken:
        domain, limit = each.row.domain, _limit(limits, each.row.domain)
        if limit is not None and counts[domain] >= limit:
            each.put_back(uow.now + MINUTE / max(1, limit))
        else:
            counts[domain] += 1
            going.append(each)
    return going


def _limit(limits: Mapping[str, int], domain: str) -> int | None:
    return limits.get(domain, limits.get("*"))
