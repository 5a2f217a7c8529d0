"""A list of who was at a video meeting, as the meeting programs write it: CSV with a name or an email, and minutes."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.errors import Invalid

_EMAIL = ("email", "user email", "e-mail", "participant email", "email address")
_NAME = ("name", "name (original name)", "full name", "participant", "participant name", "attendee")
_MINUTES = ("minutes", "duration (minutes)", "total duration (minutes)", "duration", "time in session (minutes)")
_LONGEST = 2_000
_IN_WORDS = re.compile(r"(?:(\d+)\s*h[a-z]*)?\s*(?:(\d+)\s*m[a-z]*)?\s*(?:(\d+)\s*s[a-z]*)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class Person:
    """A participant to look for."""

    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used: its line in the file, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `minutes` is None for who is listed without any; several rows of one person are added up."""

    minutes: Mapping[str, int | None]
    problems: Sequence[Problem]


def read(text: str, people: Sequence[Person]) -> Reading:
    """Who of `people` a file lists. A row is found by its email, else by its name, if only one person has it.

    Raises:
        Invalid: the file is no table, has neither column, or is too long.
    """
    lines = _lines(text)
    header = [cell.strip().casefold() for cell in lines[0][1]]
    email, name, minutes = (_column(header, names) for names in (_EMAIL, _NAME, _MINUTES))
    if email is None and name is None:
        raise Invalid({"file": ["The first line names no column “email” or “name”."]})
    found = _Found(people)
    for line, row in lines[1:]:
        found.add(line, _cell(row, email), _cell(row, name), _cell(row, minutes))
    return Reading(found.minutes, found.problems)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    text = text.lstrip("\ufeff")
    first = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text), delimiter=max((",", ";", "\t"), key=first.count))
    try:
        lines = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Invalid({"file": [f"Line {table.line_num}: this is no CSV ({error})."]}) from None
    if not 2 <= len(lines) <= _LONGEST:
        raise Invalid({"file": [f"Choose a file with a line of headings and up to {_LONGEST:,} rows below it."]})
    return lines


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


class _Found:
    def __init__(self, people: Sequence[Person]) -> None:
        self.by_email = {person.email.casefold(): person.key for person in people}
        self.by_name: dict[str, list[str]] = {}
        for person in people:
            self.by_name.setdefault(_folded(person.name), []).append(person.key)
        self.minutes: dict[str, int | None] = {}
        self.problems: list[Problem] = []

    def add(self, line: int, email: str, name: str, minutes: str) -> None:
        named = self.by_name.get(_folded(name), []) if name else []
        key = self.by_email.get(email.casefold()) or (named[0] if len(named) == 1 else None)
        time = _minutes(minutes)
        if key is None:
            why = "several participants have this name" if len(named) > 1 else "no participant has this name or email"
            self.problems.append(Problem(line, f"“{(email or name)[:80]}”: {why}"))
        elif minutes and time is None:
            self.problems.append(Problem(line, f"“{minutes[:40]}” is no number of minutes"))
        else:
            before = self.minutes.get(key)
            self.minutes[key] = time if before is None else before + (time or 0)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _minutes(text: str) -> int | None:
    """60, 59.6, "1h 5m", "45 min", 00:58:10 (hours first), in whole minutes; None for what is none of these."""
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2])
    words = _IN_WORDS.fullmatch(text)
    if words and any(words.groups()):
        hours, minutes, seconds = (int(part or 0) for part in words.groups())
        return hours * 60 + minutes + (seconds >= 30)
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(number) if 0 <= number <= 24 * 60 else None
