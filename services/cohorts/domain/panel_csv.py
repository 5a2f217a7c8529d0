"""A list of reviewers as people keep them: a CSV file with a header, in whatever order, from whatever program."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ROWS = 1_000
_NAMES = {
    "name": ("name", "full name", "reviewer"),
    "email": ("email", "e-mail", "email address", "mail"),
    "languages": ("languages", "language"),
    "capacity": ("capacity", "max", "maximum", "most", "how many"),
    "organisation": ("organisation", "organization", "charity", "employer"),
    "expertise": ("expertise", "tags", "topics", "fields"),
}
_IN_ORDER = ("name", "email", "languages", "capacity", "organisation", "expertise")
_LANGUAGES = {
    "english": "en", "arabic": "ar", "dari": "fa-AF", "farsi": "fa", "persian": "fa", "welsh": "cy",
    "ukrainian": "uk", "russian": "ru", "french": "fr", "spanish": "es", "tigrinya": "ti", "amharic": "am",
    "somali": "so", "kurdish": "ku", "pashto": "ps", "turkish": "tr", "urdu": "ur", "swahili": "sw",
    "portuguese": "pt", "german": "de", "fa-af": "fa-AF",
}  # fmt: skip
_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One line that can be read. `capacity` is None where the file says nothing."""

    line: int
    name: str
    email: str
    languages: tuple[str, ...]
    capacity: int | None
    organisation: str
    expertise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One line that cannot be used, and why."""

    line: int
    text: str
    reason: str


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 with or without a mark, or what spreadsheets on Windows write."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_panel(text: str) -> tuple[list[PanelRow], list[BadRow]]:
    """The rows of a list of reviewers, and those that cannot be read, each with its line."""
    text = text.lstrip("\ufeff")
    lines = [row for row in _rows(text) if any(cell.strip() for cell in row[1])]
    if not lines:
        return [], [BadRow(1, "", "There is nothing in it.")]
    columns = _columns(lines[0][1])
    if columns is None and any("@" in cell for cell in lines[0][1]):
        columns = _IN_ORDER if "@" not in lines[0][1][0] else ("email", "name", *_IN_ORDER[2:])
    elif columns is not None:
        lines = lines[1:]
    if columns is None or "email" not in columns:
        return [], [BadRow(1, text.splitlines()[0][:200], "The first line has no column “email”.")]
    rows: list[PanelRow] = []
    bad: list[BadRow] = []
    for line, cells in lines[:MOST_ROWS]:
        found = _row(line, columns, cells)
        (rows if isinstance(found, PanelRow) else bad).append(found)  # type: ignore[arg-type]
    if len(lines) > MOST_ROWS:
        bad.append(
            BadRow(lines[MOST_ROWS][0], "", f"A panel list has at most {MOST_ROWS:,} rows. The rest is left out.")
        )
    return rows, bad


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            rows.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error:
        rows.append((reader.line_num, ["unreadable"]))
    return rows


def _columns(header: Sequence[str]) -> tuple[str, ...] | None:
    """What each column holds ("" for what is not ours); None where the first line is no header."""
    known = {alias: name for name, aliases in _NAMES.items() for alias in aliases}
    columns = tuple(known.get(" ".join(cell.casefold().replace("_", " ").split()), "") for cell in header)
    return columns if any(columns) and not any("@" in cell for cell in header) else None


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> PanelRow | BadRow:
    given = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    text = ", ".join(cells)[:200]
    if not given.get("email"):
        return BadRow(line, text, "There is no email address.")
    capacity = given.get("capacity", "")
    if capacity and not (capacity.isascii() and capacity.isdigit()):
        return BadRow(line, text, f"How many they read, “{capacity}”, is not a whole number.")
    languages = tuple(map(_language, _several(given.get("languages", ""))))
    for said, code in zip(_several(given.get("languages", "")), languages, strict=True):
        if code is None:
            return BadRow(line, text, f"“{said}” is not a language that is known here. Write its code, such as ar.")
    return PanelRow(
        line=line,
        name=given.get("name", "") or given["email"].partition("@")[0],
        email=given["email"],
        languages=tuple(filter(None, languages)),
        capacity=int(capacity) if capacity else None,
        organisation=given.get("organisation", ""),
        expertise=_several(given.get("expertise", "")),
    )


def _several(text: str) -> tuple[str, ...]:
    """Values of one cell, apart by semicolons, bars, commas or slashes."""
    return tuple(part.strip() for part in re.split(r"[;|,/]", text) if part.strip())


def _language(text: str) -> str | None:
    plain = text.casefold().replace("_", "-")
    if plain in _LANGUAGES:
        return _LANGUAGES[plain]
    return plain if _CODE.fullmatch(plain) else None
