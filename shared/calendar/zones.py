"""One VTIMEZONE block per zone, with yearly rules that hold for ever, derived from the facts that `zoneinfo` knows.

(icalendar's own generated blocks are slow to make, wrong by an hour at one onset, and end after some years.)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from shared.calendar.lines import fold
from shared.calendar.shifts import Shift, shifts, yearly_rule

FIRST_YEAR, LAST_YEAR = 2020, 2060
_HISTORY = 1996
_SAMPLE = 28
_PROBE = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)

Key = tuple[timedelta, timedelta, str]


@lru_cache(maxsize=128)
def block(name: str) -> bytes:
    """BEGIN:VTIMEZONE to END:VTIMEZONE for the IANA zone `name`, right for every moment from FIRST_YEAR on.

    Zones whose rule cannot be said in one line (Morocco) are listed shift by shift up to LAST_YEAR.
    """
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", *_observances(ZoneInfo(name)), "END:VTIMEZONE"]
    return b"".join(map(fold, lines))


def _observances(zone: ZoneInfo) -> Iterator[str]:
    known = shifts(zone, _HISTORY, LAST_YEAR)
    ruled = _ruled(known)
    start = max((group[0].at for group, _ in ruled), default=None)
    single = [shift for shift in known if shift.at.year >= FIRST_YEAR and (start is None or shift.at < start)]
    if not ruled or single:
        yield from _before(zone, known, single)
        yield from _listed(single)
    for group, rule in ruled:
        since = next(shift for shift in group if start is None or shift.at >= start)
        yield from _observance(since, [f"RRULE:{rule}"])


def _ruled(known: Sequence[Shift]) -> list[tuple[list[Shift], str]]:
    """The groups of shifts that come every year for ever, each from the first year in which its rule held."""
    groups: dict[Key, list[Shift]] = defaultdict(list)
    for shift in known:
        groups[shift.before, shift.after, shift.name].append(shift)
    found = [(group, rule) for group in groups.values() if (rule := _rule(group[-_SAMPLE:]))]
    last = [shift for shift in known if shift.at.year > LAST_YEAR - _SAMPLE]
    if len(found) != 2 or len(last) != 2 * _SAMPLE:
        return []
    return [(_held(group, rule), rule) for group, rule in found]


def _rule(group: Sequence[Shift]) -> str | None:
    years = [shift.at.year for shift in group]
    if years != list(range(LAST_YEAR - _SAMPLE + 1, LAST_YEAR + 1)):
        return None
    return yearly_rule(group)


def _held(group: Sequence[Shift], rule: str) -> list[Shift]:
    """The longest run of years, up to the last, in which the rule held."""
    backwards = list(reversed(group))
    tail = backwards[:_SAMPLE]
    more = takewhile(
        lambda pair: pair[1].at.year == pair[0].at.year - 1 and yearly_rule([*tail, pair[1]]) == rule,
        zip(backwards[_SAMPLE - 1 :], backwards[_SAMPLE:], strict=False),
    )
    return [*reversed([pair[1] for pair in more]), *reversed(tail)]


def _before(zone: ZoneInfo, known: Sequence[Shift], single: Sequence[Shift]) -> Iterator[str]:
    """The observance in force when FIRST_YEAR began."""
    earlier = [shift for shift in known if shift.at.year < FIRST_YEAR]
    if earlier:
        yield from _observance(earlier[-1], [])
        return
    first = single[0] if single else None
    offset = first.before if first else _PROBE.astimezone(zone).utcoffset() or timedelta()
    yield from ["BEGIN:STANDARD", "DTSTART:19700101T000000", f"TZOFFSETFROM:{_hhmm(offset)}"]
    yield from [f"TZOFFSETTO:{_hhmm(offset)}", "END:STANDARD"]


def _listed(single: Sequence[Shift]) -> Iterator[str]:
    groups: dict[Key, list[Shift]] = defaultdict(list)
    for shift in single:
        groups[shift.before, shift.after, shift.name].append(shift)
    for group in groups.values():
        # A line for each date: ical.js, and so Thunderbird, reads only the first of several in one line.
        yield from _observance(group[0], [f"RDATE:{shift.wall:%Y%m%dT%H%M%S}" for shift in group[1:]])


def _observance(shift: Shift, more: Sequence[str]) -> Iterator[str]:
    part = "DAYLIGHT" if shift.after > shift.before else "STANDARD"
    yield from [f"BEGIN:{part}", f"DTSTART:{shift.wall:%Y%m%dT%H%M%S}", *more]
    yield from [f"TZOFFSETFROM:{_hhmm(shift.before)}", f"TZOFFSETTO:{_hhmm(shift.after)}"]
    yield from [f"TZNAME:{shift.name}", f"END:{part}"]


def _hhmm(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"
