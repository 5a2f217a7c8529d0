"""Staff: how lenient each reviewer is, what scores become without it, and what the panel should talk about."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.calibrate_reviews import calibrate_reviews
from services.cohorts.use_cases.see_calibration import ScoreRow, see_calibration
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict

pages = Blueprint("staff_calibration", __name__, url_prefix="/cohorts/staff")
_SHOWN = 25
_ORDERS = {
    "adjusted": lambda row: (row.place or row.raw_place, row.raw_place),
    "raw": lambda row: (row.raw_place, row.place or 0),
    "moved": lambda row: (-abs(row.moved), row.raw_place),
    "reference": lambda row: row.application.reference,
}


@pages.get("/rounds/<uuid:round_id>/calibration")
@staff_only
def calibration(round_id: UUID) -> ResponseReturnValue:
    """The newest calibration, or why there is none."""
    sort = request.args.get("sort", "moved")
    with units().begin(write=False) as uow:
        seen = see_calibration(uow, round_id)
        everything = request.args.get("all") == "yes"
        rows = _ordered(seen.rows, sort)
        return show(
            "calibration.html",
            uow,
            round_id,
            "staff_reviewing.hub",
            seen=seen,
            rows=rows if everything else rows[:_SHOWN],
            sort=sort,
            everything=everything,
        )


def _ordered(rows: tuple[ScoreRow, ...], sort: str) -> list[ScoreRow]:
    return sorted(rows, key=_ORDERS.get(sort, _ORDERS["moved"]))


@pages.post("/rounds/<uuid:round_id>/calibration")
@staff_only
def calibrate(round_id: UUID) -> ResponseReturnValue:
    """Calibrate what is handed in now."""
    try:
        with units().begin() as uow:
            run = calibrate_reviews(uow, actor(), round_id)
            text, kind = (
                ("That was refused: the reason is below.", "info") if run.refused else ("Calibrated.", "success")
            )
    except Conflict as error:
        text, kind = error.message, "warning"
    flash(text, kind)
    return redirect(url_for("staff_calibration.calibration", round_id=round_id))
