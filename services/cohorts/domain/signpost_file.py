"""The directory of help as a table, from a spreadsheet: what it says, and the line of everything wrong."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Invalid
from shared.spreadsheets import restored

TEXTS = ("title", "about", "topic", "link", "phone", "area", "languages", "owner_name")
COLUMNS = ("id", *TEXTS, "review_on")
MOST = 2_000
LONGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class SignpostRow:
    """One line of the table. `id` is None for a new entry, `review_on` None where the table names no day."""

    line: int
    id: UUID | None
    texts: Mapping[str, str]
    review_on: date | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that cannot be used, and why."""

    line: int
    reason: str


def read_signposts(text: str) -> tuple[list[SignpostRow], list[BadRow]]:
    """The lines that can be read, and those that cannot.

    Raises:
        Invalid: for `file`, when it is no such table.
    """
    lines = _lines(text)
    header = ["_".join(cell.casefold().split()) for cell in lines[0][1]]
    if missing := [name for name in ("title", "topic", "owner_name") if name not in header]:
        raise Invalid({"file": [f"The first line names no column “{missing[0]}”. The columns: {', '.join(COLUMNS)}."]})
    rows: list[SignpostRow] = []
    bad: list[BadRow] = []
    for line, cells in lines[1:]:
        try:
            rows.append(_row(line, dict(zip(header, cells, strict=False))))
        except ValueError as error:
            bad.append(BadRow(line, str(error)))
    return rows, bad


def _lines(text: str) -> list[tuple[int, list[str]]]:
    text = text.lstrip("\ufeff")
    if len(text) > LONGEST:
        raise Invalid({"file": ["This file is too large to be a directory."]})
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.partition("\n")[0].count))
    try:
        lines = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Invalid({"file": [f"Line {table.line_num}: this is no CSV ({error})."]}) from None
    if not 2 <= len(lines) <= MOST + 1:
        raise Invalid({"file": [f"Choose a file with a line of headings and up to {MOST:,} rows below it."]})
    return lines


def _row(line: int, cells: Mapping[str, str]) -> SignpostRow:
    given = {name: cell.strip() for name, cell in cells.items()}
    texts = {name: restored(given.get(name, "")) for name in TEXTS}
    return SignpostRow(line, _id(given.get("id", "")), texts, _day(given.get("review_on", "")))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no number of an entry. Leave it empty for a new one.") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no day. Write it as 2027-04-05.") from None
