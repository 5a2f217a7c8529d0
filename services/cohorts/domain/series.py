"""When the sessions of a series begin: the same wall time, every so many weeks, days or months."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from shared.errors import Invalid

UNITS = ("day", "week", "month")
LONGEST = 52


@dataclass(frozen=True, slots=True)
class Repeat:
    """`count` sessions, one every `every` units, beginning with the first; days in `without` are left out and not
    counted."""

    count: int
    every: int = 1
    unit: str = "week"
    without: frozenset[date] = frozenset()


def starts(first: datetime, repeat: Repeat) -> list[datetime]:
    """The wall times (naive) at which the sessions begin, in order.

    A month without the day, such as the 31st, is passed over.

    Raises:
        Invalid: the numbers make no sense.
    """
    problems: dict[str, list[str]] = {}
    if not 1 <= repeat.count <= LONGEST:
        problems["count"] = [f"A series has between 1 and {LONGEST} sessions."]
    if not 1 <= repeat.every <= 12:
        problems["every"] = ["Write a number from 1 to 12."]
    if repeat.unit not in UNITS:
        problems["unit"] = ["Choose days, weeks or months."]
    if len(repeat.without) > LONGEST:
        problems["without"] = [f"Leave out at most {LONGEST} days."]
    if problems:
        raise Invalid(problems)
    return list(islice((each for each in _all(first, repeat) if each.date() not in repeat.without), repeat.count))


def _all(first: datetime, repeat: Repeat) -> Iterator[datetime]:
    if repeat.unit == "month":
        yield from _monthly(first, repeat.every)
        return
    step = timedelta(days=repeat.every * (7 if repeat.unit == "week" else 1))
    while True:
        yield first
        first += step


def _monthly(first: datetime, every: int) -> Iterator[datetime]:
    months = first.year * 12 + first.month - 1
    while True:
        year, month = divmod(months, 12)
        if first.day <= calendar.monthrange(year, month + 1)[1]:
            yield first.replace(year=year, month=month + 1)
        months += every
