"""Staff: the decision record, checked for being whole, and to hand to a funder or an ombudsman."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.export_record import COLUMNS, export_record, record_rows
from services.cohorts.use_cases.verify_record import verify_record
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from shared.spreadsheets import as_csv

pages = Blueprint("staff_record", __name__, url_prefix="/cohorts/staff/rounds/<uuid:round_id>")


@pages.get("/record")
@staff_only
def record(round_id: UUID) -> ResponseReturnValue:
    """Who did what, when; checked for being whole."""
    with units().begin(write=False) as uow:
        return show(
            "record.html",
            uow,
            round_id,
            "staff_record.record",
            entries=uow.record.of_round(round_id),
            verdict=verify_record(uow),
        )


@pages.get("/record.jsonl")
@staff_only
def sealed(round_id: UUID) -> Response:
    """The record as anyone can check it: this round's entries, and of other rounds the seals alone."""
    with units().begin(write=False) as uow:
        content = export_record(uow, round_id)
    return _file(content, "application/jsonl", "decision-record.jsonl")


@pages.get("/record.csv")
@staff_only
def table(round_id: UUID) -> Response:
    """The round's entries for a spreadsheet program."""
    with units().begin(write=False) as uow:
        content = as_csv(COLUMNS, record_rows(uow, round_id))
    return _file(content, "text/csv", "decision-record.csv")


def _file(content: str | bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
