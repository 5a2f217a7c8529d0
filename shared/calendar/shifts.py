"""When a zone's clock is put forward or back, as `zoneinfo` knows it, and the yearly rule behind it, if any."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

_STEP = timedelta(days=7)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Shift:
    """At the instant `at` (UTC) the offset from UTC changes from `before` to `after`, and is then called `name`."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @cached_property
    def wall(self) -> datetime:
        """What clocks showed at that moment, not yet changed (naive): how iCalendar dates an observance."""
        return (self.at + self.before).replace(tzinfo=None)


def shifts(zone: ZoneInfo, first_year: int, last_year: int) -> list[Shift]:
    """All shifts from the first day of `first_year` to the end of `last_year`, in order.

    The zone is asked week by week and each change found to the second by halving; no zone shifts twice in a week and
    comes back to where it was.
    """
    found: list[Shift] = []
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = min(moment + _STEP, end)
        if _offset(zone, moment) != _offset(zone, later):
            found.append(_between(zone, moment, later))
        moment = later
    return found


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _between(zone: ZoneInfo, low: datetime, high: datetime) -> Shift:
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return Shift(high, before, _offset(zone, high), high.astimezone(zone).tzname() or "")


def yearly_rule(days: Sequence[Shift]) -> str | None:
    """The RRULE that gives exactly these shifts, one a year over at least 28 years; None if no simple rule does."""
    walls = [shift.wall for shift in days]
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) != 1:
        return None
    by_day = _by_day(walls)
    return f"FREQ=YEARLY;BYMONTH={walls[0].month};{by_day}" if by_day else None


def _by_day(walls: Sequence[datetime]) -> str | None:
    day = _DAYS[walls[0].weekday()]
    if all(wall.day + 7 > calendar.monthrange(wall.year, wall.month)[1] for wall in walls):
        return f"BYDAY=-1{day}"
    weeks = {(wall.day - 1) // 7 + 1 for wall in walls}
    if len(weeks) == 1:
        return f"BYDAY={weeks.pop()}{day}"
    first, last = min(wall.day for wall in walls), max(wall.day for wall in walls)
    if last - first == 6:
        return f"BYMONTHDAY={','.join(map(str, range(first, last + 1)))};BYDAY={day}"
    return None
