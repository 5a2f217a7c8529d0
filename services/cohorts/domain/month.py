"""A month as weeks of days, for a page."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Day(Generic[T]):
    """One square of the page: `outside` belongs to the month before or after."""

    date: date
    outside: bool
    events: tuple[T, ...]


def weeks(first: date, events: Sequence[tuple[date, T]], first_weekday: int = 0) -> list[list[Day[T]]]:
    """The weeks that touch the month of `first`, beginning on `first_weekday` (0 is Monday), each with its events."""
    by_day: dict[date, list[T]] = {}
    for day, event in events:
        by_day.setdefault(day, []).append(event)
    rows = calendar.Calendar(first_weekday).monthdatescalendar(first.year, first.month)
    return [[Day(day, day.month != first.month, tuple(by_day.get(day, ()))) for day in row] for row in rows]


def read_month(text: str, today: date) -> date:
    """The first day of the month in `text` (YYYY-MM); this month for anything else."""
    try:
        year, _, month = text.partition("-")
        found = date(int(year), int(month), 1)
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2100 else today.replace(day=1)


def beside(first: date) -> tuple[date, date]:
    """The first days of the month before and the month after."""
    before = first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
    after = first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)
    return before, after
