"""Tables as files: CSV or a workbook, never opened in the browser."""

from collections.abc import Iterable, Sequence

from flask import Response

from shared.errors import NotFound
from shared.spreadsheets import Cell, as_csv, as_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The table as an attachment; `kind` is csv or xlsx. Raises NotFound for any other."""
    if kind == "csv":
        response = Response(as_csv(header, rows), mimetype="text/csv")
    elif kind == "xlsx":
        response = Response(as_xlsx(name, header, rows), mimetype=_XLSX)
    else:
        raise NotFound("There is no such file.")
    return as_attachment(response, f"{name}.{kind}")


def as_attachment(response: Response, name: str) -> Response:
    """Send it to be saved under this name."""
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
