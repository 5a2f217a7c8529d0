"""Staff: selection rates by group at every stage, with small counts kept back."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.see_impact import Impact, see_impact
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.download import table_file
from services.cohorts.web.pages.staff import show, staff_only
from shared.spreadsheets import Cell

pages = Blueprint("staff_impact", __name__, url_prefix="/cohorts/staff")
_HEADER = (
    "Attribute", "Group", "Stage", "Reached it", "Of", "Measured against", "Rate", "Wilson 95% from", "to",
    "Ratio to the highest rate", "Difference from the highest: Newcombe 95% from", "to",
)  # fmt: skip
HIDDEN = "fewer than 5, or kept back"


@pages.get("/rounds/<uuid:round_id>/impact")
@staff_only
def impact(round_id: UUID) -> ResponseReturnValue:
    """The rates at one stage, attribute by attribute."""
    with units().begin(write=False) as uow:
        seen = see_impact(uow, round_id, _run())
        last = len(seen.stages) - 1
        stage = _stage(last)
        first = request.args.get("against") == "first"
        return show(
            "impact.html",
            uow,
            round_id,
            "staff_impact.impact",
            seen=seen,
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
    return table_file(kind, "selection-rates", _HEADER, _lines(seen))


def _lines(seen: Impact) -> Iterator[tuple[Cell, ...]]:
    for table in seen.tables:
        for stage in range(1, len(seen.stages)):
            for base in sorted({stage - 1, 0}):
                for rate in seen.at(table, stage, base):
                    yield (
                        table.label,
                        rate.label,
                        seen.stages[stage],
                        HIDDEN if rate.count is None else rate.count,
                        HIDDEN if rate.n is None else rate.n,
                        seen.stages[base],
                        rate.rate,
                        *(rate.interval or (None, None)),
                        rate.ratio,
                        *(rate.difference or (None, None)),
                    )
