"""Tables for spreadsheet programs, in which no cell that a person typed can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import WriteOnlyCell

Cell = str | int | float | datetime | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
"""What one cell of a workbook holds."""


def defused(cell: Cell) -> Cell:
    """The cell as CSV may carry it: a text that a program could run as a formula begins with an apostrophe."""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) and cell.lstrip(" \n\u200b\ufeff").startswith(_DANGEROUS):
        return f"'{cell}"
    return cell


def restored(text: str) -> str:
    """A cell of a table that was written by `as_csv`, as it was before it was defused."""
    return text[1:] if text[:1] == "'" and defused(text[1:]) == text else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file in UTF-8 with the mark by which spreadsheet programs know it (RFC 4180 line ends)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([defused(cell) for cell in header])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet. Texts are marked as texts, so that "=1+1" stays four characters."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: object, value: Cell, *, bold: bool = False) -> "WriteOnlyCell":
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
    from openpyxl.styles import Font

    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(title: str) -> str:
    kept = "".join(" " if character in "[]:*?/\\" else character for character in title).strip("' ")
    return kept[:31] or "Sheet"
