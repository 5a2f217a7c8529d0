"""Staff: rounds, made from an earlier one or the standard form, opened, moved, paused, closed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.rounds import MOVES, state_at
from services.applications.use_cases.copy_round import definition_from
from services.applications.use_cases.keep_round import change_times, create_round, life_of, move_round
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from shared.errors import Conflict, Invalid
from shared.web import access

pages = Blueprint("staff_rounds", __name__, url_prefix="/staff")

_FIELDS = ("id", "title", "summary", "zone", "opens", "deadline", "decisions_by")


@pages.get("")
@access.role("staff", "administrator")
def rounds() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows = [(view_of(row, uow.now), uow.rounds.counts(row.id)) for row in uow.rounds.all()]
    return render_template("applications/staff/rounds.html", rows=rows)


@pages.get("/rounds/new")
@access.role("staff", "administrator")
def new() -> ResponseReturnValue:
    return _new_page({"zone": "Europe/London"}, {})


def _new_page(values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        earlier = [(str(row.id), row.title) for row in uow.rounds.all()]
    return render_template("applications/staff/new_round.html", values=values, errors=errors, earlier=earlier)


@pages.post("/rounds/new")
@access.role("staff", "administrator")
def create() -> ResponseReturnValue:
    values = {name: request.form.get(name, "").strip() for name in (*_FIELDS, "copy")}
    try:
        with units().begin() as uow:
            row = create_round(uow, definition_from(uow, values))
    except Invalid as error:
        return _new_page(values, error.problems), 422
    flash("The round is made. It is a draft until you open it.", "success")
    return redirect(f"/staff/rounds/{row.id}", 303)


@pages.get("/rounds/<uuid:round_id>")
@access.role("staff", "administrator")
def overview(round_id: UUID) -> ResponseReturnValue:
    return _overview_page(round_id, {})


def _overview_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.rounds.get(round_id)
        counts = uow.rounds.counts(round_id)
        form = uow.rounds.form(row.id, row.form_version)
    now = here().clock()
    return render_template(
        "applications/staff/round.html",
        round=view_of(row, now),
        counts=counts,
        form_=form,
        moves=sorted(move.value for move in MOVES[state_at(life_of(row), now)]),
        errors=errors,
        values=request.form,
    )


@pages.post("/rounds/<uuid:round_id>/state")
@access.role("staff", "administrator")
def move(round_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            row = move_round(uow, round_id, request.form.get("state", ""), revision=_revision())
    except Conflict as error:
        return _overview_page(round_id, {"": [error.message]}), 409
    flash(f"The round is now {row.state}.", "success")
    return redirect(f"/staff/rounds/{round_id}", 303)


def _revision() -> int:
    """The version that the page was made from; a number that no round has when the form holds none."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@pages.post("/rounds/<uuid:round_id>/times")
@access.role("staff", "administrator")
def times(round_id: UUID) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("zone", "opens", "deadline")}
    try:
        with units().begin() as uow:
            change_times(uow, round_id, **typed, revision=_revision())
    except Invalid as error:
        return _overview_page(round_id, error.problems), 422
    except Conflict as error:
        return _overview_page(round_id, {"": [error.message]}), 409
    flash("The times are changed, and the reminders of every draft moved with them.", "success")
    return redirect(f"/staff/rounds/{round_id}", 303)
