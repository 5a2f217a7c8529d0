"""Staff: rounds, made from an earlier one or the standard form, opened, moved, paused, closed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.rounds import MOVES, State, state_at
from services.applications.use_cases.copy_round import definition_from
from services.applications.use_cases.keep_round import (
    change_times,
    create_round,
    last_minute,
    life_of,
    move_round,
    texts_of,
)
from services.applications.web.context import here, units
from shared.errors import Conflict, Invalid
from shared.web import access

pages = Blueprint("staff_rounds", __name__, url_prefix="/staff")

_FIELDS = ("id", "title", "summary", "zone", "opens", "deadline", "decisions_by")


@pages.get("")
@access.role("staff", "administrator")
def rounds() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows = [
            (row, texts_of(row, "en"), uow.rounds.counts(row.id), state_at(life_of(row), uow.now).value)
            for row in uow.rounds.all()
        ]
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
    shown = state_at(life_of(row), here().clock())
    return render_template(
        "applications/staff/round.html",
        round=row,
        texts=texts_of(row, "en"),
        counts=counts,
        form_=form,
        state=shown.value,
        moves=sorted(move.value for move in MOVES[shown]),
        closes_at=last_minute(row),
        errors=errors,
        values=request.form,
    )


@pages.post("/rounds/<uuid:round_id>/state")
@access.role("staff", "administrator")
def move(round_id: UUID) -> ResponseReturnValue:
    revision = request.form.get("revision", "")
    with units().begin() as uow:
        row = move_round(
            uow, round_id, request.form.get("state", ""), revision=int(revision) if revision.isdigit() else None
        )
    words = {State.OPEN: "open", State.PAUSED: "paused", State.CLOSED: "closed", State.ARCHIVED: "archived"}
    flash(f"The round is now {words.get(State(row.state), row.state)}.", "success")
    return redirect(f"/staff/rounds/{round_id}", 303)


@pages.post("/rounds/<uuid:round_id>/times")
@access.role("staff", "administrator")
def times(round_id: UUID) -> ResponseReturnValue:
    revision = request.form.get("revision", "")
    try:
        with units().begin() as uow:
            change_times(
                uow,
                round_id,
                zone=request.form.get("zone", ""),
                opens=request.form.get("opens", ""),
                deadline=request.form.get("deadline", ""),
                revision=int(revision) if revision.isdigit() else -1,
            )
    except Invalid as error:
        return _overview_page(round_id, error.problems), 422
    except Conflict as error:
        return _overview_page(round_id, {"": [error.message]}), 409
    flash("The times are changed, and the reminders moved with them.", "success")
    return redirect(f"/staff/rounds/{round_id}", 303)
