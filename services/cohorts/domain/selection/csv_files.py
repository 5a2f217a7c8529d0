"""Pools, targets and pins as spreadsheets save them, with every problem told by its line.

Read are UTF-8 with or without a byte-order mark, UTF-16 with one, and otherwise Windows-1252; commas, semicolons or
tabs between cells, whichever the header uses; blank lines are passed over.
"""

import csv
import io
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil, floor

from services.cohorts.domain.selection.pool import LARGEST, Pool
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from shared.errors import Invalid

TOGETHER = " & "
"""Between the columns, and between the values, of a target on a combination."""


@dataclass
class Sheet:
    """A file with a header: rows as (line number, column -> cell), and what is wrong with it by line."""

    name: str
    header: tuple[str, ...] = ()
    rows: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    found: list[tuple[int, str]] = field(default_factory=list)

    def wrong(self, line: int, what: str) -> None:
        self.found.append((line, what))

    @property
    def problems(self) -> list[str]:
        """What is wrong, by line."""
        return [f"{self.name}, line {line}: {what}" for line, what in sorted(self.found, key=lambda one: one[0])]

    def refuse(self) -> None:
        """Raise `Invalid` if anything was found wrong."""
        if self.problems:
            raise Invalid({self.name: self.problems})


def read_sheet(name: str, data: bytes, needed: tuple[str, ...]) -> Sheet:
    """Read a file's bytes. Raises `Invalid` if it is empty, lacks a needed column or names one twice."""
    sheet = Sheet(name)
    lines = _lines(sheet, data)
    if not lines:
        raise Invalid({name: [f"{name}: the file is empty."]})
    first, header = lines[0]
    sheet.header = tuple(cell.strip() for cell in header)
    for column in dict.fromkeys(needed):
        if column not in sheet.header:
            sheet.wrong(first, f"there is no column “{column}”; the columns are {', '.join(sheet.header)}.")
    for column in {cell for cell in sheet.header if cell and sheet.header.count(cell) > 1}:
        sheet.wrong(first, f"the column “{column}” is named twice.")
    sheet.refuse()
    for line, cells in lines[1:]:
        _take_row(sheet, line, cells)
    if len(lines) == 1:
        sheet.wrong(first, "there is a header but no row under it.")
    return sheet


def _take_row(sheet: Sheet, line: int, cells: list[str]) -> None:
    texts = [cell.strip() for cell in cells]
    if any(texts[len(sheet.header) :]):
        sheet.wrong(line, f"there are {len(texts)} cells but only {len(sheet.header)} columns.")
    texts += [""] * (len(sheet.header) - len(texts))
    sheet.rows.append((line, dict(zip(sheet.header, texts, strict=False))))


def _lines(sheet: Sheet, data: bytes) -> list[tuple[int, list[str]]]:
    text = decoded(data)
    if "\0" in text:
        raise Invalid({sheet.name: [f"{sheet.name}: this is not a text file."]})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Invalid({sheet.name: [f"{sheet.name}, line {reader.line_num}: {error}."]}) from None


def decoded(data: bytes) -> str:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252", errors="replace")


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=header.count)


def read_pool(name: str, data: bytes, id_column: str = "id", score_column: str | None = None) -> Pool:
    """One row a person; every other column is an attribute. Raises `Invalid` with all problems found."""
    needed = (id_column,) if score_column is None else (id_column, score_column)
    sheet = read_sheet(name, data, needed)
    lines: dict[str, int] = {}
    scores: list[Decimal] = []
    for line, row in sheet.rows:
        person = row[id_column]
        if not person:
            sheet.wrong(line, f"the column “{id_column}” is blank.")
        elif person in lines:
            sheet.wrong(line, f"the id “{person}” is already on line {lines[person]}.")
        lines.setdefault(person, line)
        if score_column is not None:
            scores.append(_score(sheet, line, row[score_column]))
    sheet.refuse()
    attributes = [column for column in sheet.header if column and column not in needed]
    columns = {column: [row[column] for _, row in sheet.rows] for column in attributes}
    return Pool.build(list(lines), scores if score_column is not None else None, columns)


def _score(sheet: Sheet, line: int, text: str) -> Decimal:
    try:
        score = Decimal(text)
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite():
        sheet.wrong(line, f"the score “{text}” is not a number.")
        return Decimal(0)
    if abs(score) >= LARGEST:
        sheet.wrong(line, f"the score {text} is too large.")
    return score


def read_targets(name: str, data: bytes, pool: Pool, size: int) -> list[Rule]:
    """Rows of feature, value, min, max and, if there is one, weight. A bound is a count or a share such as 60%.

    A combination has its columns and its values joined by " & ": “gender & region”, “Woman & North”.
    """
    sheet = read_sheet(name, data, ("feature", "value", "min", "max"))
    rules: list[Rule] = []
    seen: dict[tuple[str, str], int] = {}
    for line, row in sheet.rows:
        key = row["feature"], row["value"]
        if key in seen:
            sheet.wrong(line, f"“{key[0]}”, “{key[1]}” is already on line {seen[key]}.")
        seen.setdefault(key, line)
        where = _where(sheet, line, row, pool)
        least = _bound(sheet, line, row["min"], size, ceil) or 0
        most = _bound(sheet, line, row["max"], size, floor)
        if most is not None and least > most:
            sheet.wrong(line, f"the minimum, {row['min']}, is more than the maximum, {row['max']}.")
        weight = _bound(sheet, line, row.get("weight", ""), size, ceil)
        if weight == 0:
            sheet.wrong(line, "a weight must be 1 or more.")
        rules.append(Target.of(where, least, most, 1 if weight is None else weight))
    sheet.refuse()
    return rules


def _where(sheet: Sheet, line: int, row: Mapping[str, str], pool: Pool) -> dict[str, str]:
    columns, values = [row["feature"]], [row["value"]]
    if row["feature"] not in pool.columns and TOGETHER in row["feature"]:
        columns, values = row["feature"].split(TOGETHER), row["value"].split(TOGETHER)
        if len(columns) != len(values):
            sheet.wrong(line, f"there are {len(columns)} features but {len(values)} values.")
    for column in columns:
        if column not in pool.columns:
            sheet.wrong(line, f"the pool has no column “{column}”.")
    return dict(zip(columns, values, strict=False))


def _bound(sheet: Sheet, line: int, text: str, size: int, rounded: Callable[[Fraction], int]) -> int | None:
    if not text:
        return None
    try:
        share = text.endswith("%")
        number = Fraction(Decimal(text.removesuffix("%").strip()))
    except (InvalidOperation, ValueError, OverflowError):
        sheet.wrong(line, f"“{text}” is not a number.")
        return None
    if number < 0 or (not share and number.denominator != 1) or (share and number > 100):
        sheet.wrong(line, f"“{text}” must be a whole number from 0 up, or a share from 0% to 100%.")
        return None
    return rounded(number * size / 100) if share else int(number)


def read_pins(name: str, data: bytes, pool: Pool, id_column: str = "id") -> tuple[str, ...]:
    """Ids in the first column, one a line; a first line that is the id column's name is a header."""
    sheet = Sheet(name)
    found: dict[str, int] = {}
    for number, (line, cells) in enumerate(_lines(sheet, data)):
        person = cells[0].strip()
        if number == 0 and person == id_column and person not in pool.index:
            continue
        if person not in pool.index:
            sheet.wrong(line, f"nobody in the pool has the id “{person}”.")
        elif person in found:
            sheet.wrong(line, f"the id “{person}” is already on line {found[person]}.")
        found.setdefault(person, line)
    sheet.refuse()
    return tuple(found)


def at_most_one_per(name: str, columns: tuple[str, ...], pool: Pool) -> list[Rule]:
    missing = [f"{name}: the pool has no column “{column}”." for column in columns if column not in pool.columns]
    if missing:
        raise Invalid({name: missing})
    return [AtMost(column, 1) for column in columns]
