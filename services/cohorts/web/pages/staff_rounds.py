"""Staff: the rounds, one at a glance, and how it is reviewed and chosen."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.storage.tables import RoundPlan
from services.cohorts.use_cases.plan_round import Plan, plan_round
from services.cohorts.use_cases.see_round import see_round
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_rounds", __name__, url_prefix="/cohorts/staff")
_NUMBERS = ("reviews_per_application", "priority_weight", "review_weight", "places", "respond_days")


@pages.get("/", strict_slashes=False)
@staff_only
def rounds() -> ResponseReturnValue:
    """Every round."""
    with units().begin(write=False) as uow:
        rows = [see_round(uow, round_.id) for round_ in uow.rounds.all()]
    return render_template("cohorts/staff/rounds.html", rounds=rows)


@pages.get("/rounds/<uuid:round_id>/", strict_slashes=False)
@staff_only
def overview(round_id: UUID) -> ResponseReturnValue:
    """The round at a glance, and what to do next."""
    with units().begin(write=False) as uow:
        seen = see_round(uow, round_id)
        return show("overview.html", uow, round_id, "staff_rounds.overview", seen=seen)


@pages.get("/rounds/<uuid:round_id>/plan")
@staff_only
def plan(round_id: UUID) -> ResponseReturnValue:
    """How the round is reviewed and chosen."""
    with units().begin(write=False) as uow:
        row = uow.rounds.plan(round_id)
        return _plan(round_id, _values(row, uow.rounds.get(round_id).zone), row.revision, {})


def _values(row: RoundPlan, zone: str) -> dict[str, Any]:
    closes = row.review_closes_at
    return {
        **{name: getattr(row, name) for name in _NUMBERS},
        "review_closes": closes.astimezone(ZoneInfo(zone)).date() if closes else None,
    }


def _plan(round_id: UUID, values: dict[str, Any], revision: int, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        return show(
            "plan.html", uow, round_id, "staff_rounds.overview", values=values, revision=revision, errors=errors
        )


@pages.post("/rounds/<uuid:round_id>/plan")
@staff_only
def keep_plan(round_id: UUID) -> ResponseReturnValue:
    """Settle it."""
    problems: dict[str, list[str]] = {}
    numbers = {name: fields.number(request.form, name, problems) for name in _NUMBERS}
    closes = fields.day(request.form, "review_closes", problems, optional=True)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            zone = uow.rounds.get(round_id).zone
            before = uow.rounds.plan(round_id).review_closes_at
            ends = fields.kept_time(before, fields.end_of_day(closes, zone), zone)
            wanted = Plan(**numbers, review_closes_at=ends)
            plan_round(uow, actor(), round_id, wanted, fields.revision(request.form))
    except Invalid as error:
        parts = {part: request.form.get(f"review_closes-{part}", "") for part in ("day", "month", "year")}
        values = {**{name: request.form.get(name, "") for name in _NUMBERS}, "review_closes": parts}
        return _plan(round_id, values, fields.revision(request.form) or 0, error.problems), 422
    flash("The plan is kept.", "success")
    return redirect(url_for("staff_rounds.overview", round_id=round_id))
