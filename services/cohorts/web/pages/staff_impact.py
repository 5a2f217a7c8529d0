"""Staff: selection rates by group at every stage, with small counts kept back."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.see_impact import see_impact
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from shared.impact.lines import HEADER, lines
from shared.web.download import table_file

pages = Blueprint("staff_impact", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/impact")
@staff_only
def impact(round_id: UUID) -> ResponseReturnValue:
    """The rates at one stage, attribute by attribute."""
    with units().begin(write=False) as uow:
        seen = see_impact(uow, round_id, _run())
        last = len(seen.rates.stages) - 1
        stage = _stage(last)
        first = request.args.get("against") == "first"
        return show(
            "impact.html",
            uow,
            round_id,
            "staff_impact.impact",
            seen=seen.rates,
            run=seen.run,
            stage=stage,
            against="first" if first else "before",
            base=0 if first else max(stage - 1, 0),
            runs=[run for run in uow.runs.of_round(round_id) if run.status == "optimal"],
        )


def _run() -> UUID | None:
    given = request.args.get("run", "")
    return fields.identifier(given) if given else None


def _stage(last: int) -> int:
    given = request.args.get("stage", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else last
    return min(max(wanted, 1), last) if last >= 1 else 0


@pages.get("/rounds/<uuid:round_id>/impact.<kind>")
@staff_only
def export(round_id: UUID, kind: str) -> Response:
    """Every stage of every attribute as a file, with the same counts kept back."""
    with units().begin(write=False) as uow:
        seen = see_impact(uow, round_id, _run())
    return table_file(kind, "selection-rates", HEADER, lines(seen.rates))
