"""Staff: share a round's applications out among its panel, seen before it is done."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.assign_reviews import apply_assignment, propose_assignment
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict

pages = Blueprint("staff_assignment", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/assignment")
@staff_only
def preview(round_id: UUID) -> ResponseReturnValue:
    """What would be on everybody's list."""
    with units().begin(write=False) as uow:
        proposal = propose_assignment(uow, round_id)
        return show("assignment.html", uow, round_id, "staff_assignment.preview", proposal=proposal)


@pages.post("/rounds/<uuid:round_id>/assignment")
@staff_only
def apply(round_id: UUID) -> ResponseReturnValue:
    """Put it on their lists."""
    try:
        with units().begin() as uow:
            given = apply_assignment(uow, actor(), round_id, fields.text(request.form, "fingerprint"))
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("staff_assignment.preview", round_id=round_id))
    flash(f"{given} reviews are given out, and the panel is told.", "success")
    return redirect(url_for("staff_panel.members", round_id=round_id))
