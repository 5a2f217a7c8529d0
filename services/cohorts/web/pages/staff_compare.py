"""Staff: two selections beside each other, and a selection as a file."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.compare_runs import Comparison, compare_runs
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from shared.spreadsheets import Cell
from shared.web.download import table_file

pages = Blueprint("staff_compare", __name__, url_prefix="/cohorts/staff")
_PEOPLE = ("Application", "Name", "Organisation", "Chosen", "Score", "Points", "Exact", "Code", "Reason")
_DIFFERING = ("Application", "Name", "Organisation", "Score", "Chosen by", "Reason in A", "Reason in B")


@pages.get("/rounds/<uuid:round_id>/compare")
@staff_only
def compare(round_id: UUID) -> ResponseReturnValue:
    """Choose two selections, and see them beside each other."""
    a, b = request.args.get("a", ""), request.args.get("b", "")
    with units().begin(write=False) as uow:
        runs = [run for run in uow.runs.of_round(round_id) if run.status == "optimal"]
        found = compare_runs(uow, fields.identifier(a), fields.identifier(b)) if a and b and a != b else None
        return show(
            "compare.html",
            uow,
            round_id,
            "staff_selection.selections",
            runs=runs,
            found=found,
            a=a,
            b=b,
        )


@pages.get("/rounds/<uuid:round_id>/compare/<kind>")
@staff_only
def export_comparison(round_id: UUID, kind: str) -> Response:
    """Who differs, as a file."""
    a, b = (fields.identifier(request.args.get(name, "")) for name in ("a", "b"))
    with units().begin(write=False) as uow:
        found = compare_runs(uow, a, b)
        return table_file(kind, "comparison", _DIFFERING, _differing(found))


def _differing(found: Comparison) -> Iterator[tuple[Cell, ...]]:
    for chooser, people in (("A", found.only_a), ("B", found.only_b)):
        for one in people:
            said = one.here or one.there
            yield (
                one.row.application.reference,
                one.row.person.name if one.row.person else "",
                one.row.identity.organisation if one.row.identity else "",
                said.score if said else None,
                chooser,
                one.here.reason if one.here else "",
                one.there.reason if one.there else "",
            )


@pages.get("/selections/<uuid:run_id>/people.<kind>")
@staff_only
def export(run_id: UUID, kind: str) -> Response:
    """Everybody with score, outcome and reason, as a file."""
    with units().begin(write=False) as uow:
        uow.runs.get(run_id)
        people = uow.runs.people(run_id)
        rows = with_people(uow, [application for _, application in people])
    lines = [
        (
            row.application.reference,
            row.person.name if row.person else "",
            row.identity.organisation if row.identity else "",
            "yes" if person.chosen else "no",
            person.score,
            person.points,
            "yes" if person.exact else "at least",
            person.reason_code,
            person.reason,
        )
        for (person, _), row in zip(people, rows, strict=True)
    ]
    return table_file(kind, "selection", _PEOPLE, lines)
