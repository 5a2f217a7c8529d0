"""Staff: selection rates by equality answers, worked out once for a round. No answer of a single person."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.use_cases.count_equality import count_equality, see_equality_rates
from services.applications.web.context import units
from services.applications.web.round_view import view_of
from shared.errors import NotFound
from shared.impact.lines import HEADER, lines
from shared.web import access
from shared.web.download import table_file
from shared.web.identity import known

pages = Blueprint("staff_equality", __name__, url_prefix="/staff/rounds/<uuid:round_id>")
staff_only = access.role("staff", "administrator")


@pages.get("/equality")
@staff_only
def rates(round_id: UUID) -> ResponseReturnValue:
    """The rates at one stage, question by question; or what they wait for."""
    with units().begin(write=False) as uow:
        seen = see_equality_rates(uow, round_id)
        round_ = view_of(uow.rounds.get(round_id), uow.now)
    last = len(seen.rates.stages) - 1 if seen.rates else 0
    given = request.args.get("stage", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else last
    stage = min(max(wanted, 1), last) if last >= 1 else 0
    first = request.args.get("against") == "first"
    return render_template(
        "applications/staff/equality.html",
        round=round_,
        seen=seen,
        stage=stage,
        against="first" if first else "before",
        base=0 if first else max(stage - 1, 0),
    )


@pages.post("/equality")
@staff_only
def count(round_id: UUID) -> ResponseReturnValue:
    """Work them out, for good."""
    with units().begin() as uow:
        count_equality(uow, round_id, known().name)
    flash("The rates are worked out. They stay as they are.", "success")
    return redirect(f"/staff/rounds/{round_id}/equality", 303)


@pages.get("/equality.<kind>")
@staff_only
def export(round_id: UUID, kind: str) -> Response:
    """Every stage of every question as a file, with the same counts kept back."""
    with units().begin(write=False) as uow:
        seen = see_equality_rates(uow, round_id)
    if seen.rates is None:
        raise NotFound("The rates of this round are not worked out yet.")
    return table_file(kind, "rates-by-equality-answers", HEADER, lines(seen.rates))
