"""The shortlist as a file: CSV or XLSX, in which no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from services.cohorts.domain.choosing import Attribute
from services.cohorts.use_cases.list_shortlist import ShortlistRow

Cell = str | float | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = (
    "reference", "name", "organisation", "stage", "score", "priority_score", "adjusted_review", "standard_error",
    "review_mean", "review_median", "review_count", "review_spread", "flags", "disagreement", "notes", "case",
)  # fmt: skip


def header(attributes: Sequence[Attribute]) -> list[str]:
    """The names of the columns."""
    return [*_HEAD, *(attribute.id for attribute in attributes)]


def cells(row: ShortlistRow, attributes: Sequence[Attribute]) -> list[Cell]:
    """One application's row, in the order of `header`."""
    a, calibrated = row.application, row.calibrated
    return [
        a.reference,
        row.person.name if row.person else "",
        row.identity.organisation if row.identity else "",
        a.stage,
        a.blended,
        a.priority_score,
        calibrated.adjusted if calibrated else None,
        calibrated.standard_error if calibrated else None,
        a.review_mean,
        a.review_median,
        a.review_count,
        a.review_spread,
        a.flags,
        "yes" if row.disagreement else "",
        "; ".join(mark.text for mark in row.marks),
        f"{row.case.kind} {row.case.outcome or 'open'}" if row.case else "",
        *(_named(attribute, a.attributes.get(attribute.id)) for attribute in attributes),
    ]


def _named(attribute: Attribute, held: Any) -> str:
    values = held if isinstance(held, list) else [] if held is None else [held]
    return "; ".join(attribute.name_of(str(value)) for value in values)


def as_csv(rows: Iterable[Sequence[Cell]]) -> Iterable[str]:
    """Yield the file in pieces. Text that a spreadsheet would run gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def defused(cell: Cell) -> Cell:
    """The cell, as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(_FORMULA) else cell


def as_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The file. Every text is stored as text, whatever it begins with."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Shortlist")
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: Any, value: Cell) -> Any:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell

    # What XML cannot hold would break the whole file.
    cell = WriteOnlyCell(sheet, value="".join(sign for sign in value if sign >= " " or sign in "\t\n"))
    cell.data_type = "s"
    return cell
