"""The rows of a table as markup, escaped cell by cell: what the table macro of `components.html` draws."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Undefined
from markupsafe import Markup, escape

NOTHING = Markup("–")
"""What an empty cell says."""
_ROW, _END = '    <tr class="govuk-table__row">', "</tr>"


def table_rows(columns: Sequence[Mapping[str, Any]], rows: Sequence[Any], stack: bool = False) -> Markup:
    """One `<tr>` for each row, whose first cell is its header.

    A column has `key` and `text`, and if wanted `numeric`. A row is a mapping, a sequence, or an object with such
    attributes. The key `reference` is for an application's, which stays on one line.
    `stack` names each cell by its column, for narrow screens.
    """
    if not columns:
        return Markup("")
    drawn = [(column["key"], *_cell(place, column, stack)) for place, column in enumerate(columns)]
    lines = [
        f"{_ROW}{''.join(f'{opening}{_shown(row, key)}{closing}' for key, opening, closing in drawn)}{_END}"
        for row in rows
    ]
    return Markup("\n".join(lines))  # noqa: S704  every cell was escaped


def _cell(place: int, column: Mapping[str, Any], stack: bool) -> tuple[str, str]:
    """What stands before and after the words of each cell of a column."""
    label = f' data-label="{escape(Markup(escape(column["text"])).striptags())}"' if stack else ""  # noqa: S704
    if place == 0:
        whole = " whole" if column["key"] == "reference" else ""
        return f'<th scope="row" class="govuk-table__header{whole}"{label}>', "</th>"
    numeric = " govuk-table__cell--numeric" if column.get("numeric") else ""
    return f'<td class="govuk-table__cell{numeric}"{label}>', "</td>"


def _of(row: Any, key: Any) -> Any:
    """`row[key]`, or `row.key`, as in a template; None where there is neither."""
    try:
        return row[key]
    except (LookupError, TypeError):
        return getattr(row, str(key), None)


def _shown(row: Any, key: Any) -> Markup:
    value = _of(row, key)
    if value is None or isinstance(value, Undefined) or value == "":
        return NOTHING
    return escape(value)
