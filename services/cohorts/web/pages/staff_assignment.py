"""Staff: share a round's applications out among its panel, or change a list by hand; seen before it is done."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import MODES, TOP_UP, apply_assignment
from services.cohorts.use_cases.change_assignment import Change, ChangePreview, apply_change, propose_change
from services.cohorts.use_cases.draft_assignment import Working, ask_for_assignment, look_at_assignment
from services.cohorts.use_cases.see_handed_back import see_handed_back
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid

pages = Blueprint("staff_assignment", __name__, url_prefix="/cohorts/staff")
_FIELDS = ("application", "take_from", "give_to", "in_exchange")


@pages.get("/rounds/<uuid:round_id>/assignment")
@staff_only
def preview(round_id: UUID) -> ResponseReturnValue:
    """What would be on everybody's list."""
    mode = request.args.get("mode", TOP_UP)
    mode = mode if mode in MODES else TOP_UP
    with units().begin(write=False) as uow:
        proposal = look_at_assignment(uow, round_id, mode)
        if isinstance(proposal, Working):
            return show("working.html", uow, round_id, "staff_assignment.preview", working=proposal)
        return show(
            "assignment.html",
            uow,
            round_id,
            "staff_assignment.preview",
            proposal=proposal,
            handed_back=see_handed_back(uow, round_id, proposal),
        )


@pages.post("/rounds/<uuid:round_id>/assignment/draft")
@staff_only
def ask(round_id: UUID) -> ResponseReturnValue:
    """Have a large round's proposal worked out."""
    mode = request.form.get("mode", TOP_UP)
    mode = mode if mode in MODES else TOP_UP
    with units().begin() as uow:
        ask_for_assignment(uow, round_id, mode)
    return redirect(url_for("staff_assignment.preview", round_id=round_id, mode=mode))


@pages.post("/rounds/<uuid:round_id>/assignment")
@staff_only
def apply(round_id: UUID) -> ResponseReturnValue:
    """Put it on their lists."""
    mode = request.form.get("mode", TOP_UP)
    mode = mode if mode in MODES else TOP_UP
    try:
        with units().begin() as uow:
            given = apply_assignment(uow, actor(), round_id, fields.text(request.form, "fingerprint"), mode)
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("staff_assignment.preview", round_id=round_id, mode=mode))
    flash(f"{given} reviews are given out, and the panel is told.", "success")
    return redirect(url_for("staff_panel.members", round_id=round_id))


@pages.get("/rounds/<uuid:round_id>/assignment/change")
@staff_only
def change(round_id: UUID) -> ResponseReturnValue:
    """Choose what to change by hand; with an application named, see what it would do."""
    values = {name: fields.text(request.args, name) for name in _FIELDS}
    if not any(values[name] for name in ("take_from", "give_to")):
        return _change(round_id, values, None, {})
    try:
        with units().begin(write=False) as uow:
            found = propose_change(uow, round_id, _read(uow, round_id, values))
    except Invalid as error:
        return _change(round_id, values, None, error.problems), 422
    return _change(round_id, values, found, {})


def _read(uow: CohortsUnit, round_id: UUID, values: dict[str, str]) -> Change:
    exchanged = values["in_exchange"]
    return Change(
        application=_application(uow, round_id, "application", values),
        take_from=fields.identifier(values["take_from"]) if values["take_from"] else None,
        give_to=fields.identifier(values["give_to"]) if values["give_to"] else None,
        in_exchange=_application(uow, round_id, "in_exchange", values) if exchanged else None,
    )


def _application(uow: CohortsUnit, round_id: UUID, name: str, values: dict[str, str]) -> UUID:
    if not values[name]:
        raise Invalid({name: ["Write the application’s reference."]})
    row = uow.applications.of_reference(round_id, values[name])
    if row is None:
        raise Invalid({name: [f"There is no application {values[name]} in this round."]})
    return row.id


def _change(round_id: UUID, values: dict[str, str], found: ChangePreview | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.applications.of_reference(round_id, values["application"]) if values["application"] else None
        readers = {a.panel_member_id for a in uow.assignments.of_application(row.id)} if row else set()
        return show(
            "change.html",
            uow,
            round_id,
            "staff_assignment.preview",
            values=values,
            found=found,
            errors=errors,
            members=uow.panels.serving(round_id),
            readers=readers,
        )


@pages.post("/rounds/<uuid:round_id>/assignment/change")
@staff_only
def apply_by_hand(round_id: UUID) -> ResponseReturnValue:
    """Make the change as it was looked at."""
    values = {name: fields.text(request.form, name) for name in _FIELDS}
    try:
        with units().begin() as uow:
            wanted = _read(uow, round_id, values)
            apply_change(uow, actor(), round_id, wanted, fields.text(request.form, "fingerprint"))
    except Invalid as error:
        return _change(round_id, values, None, error.problems), 422
    except Conflict as error:
        flash(error.message, "warning")
        again: dict[str, Any] = dict(values)
        return redirect(url_for("staff_assignment.change", round_id=round_id, **again))
    flash("The lists are changed, and whoever got something is told.", "success")
    return redirect(url_for("staff_assignment.preview", round_id=round_id))
