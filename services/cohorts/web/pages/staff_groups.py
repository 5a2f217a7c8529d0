"""Staff: groups of a cohort that meet on their own."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.keep_groups import keep_group, remove_group
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid, Stale

pages = Blueprint("staff_groups", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/groups")
@staff_only
def groups(round_id: UUID) -> ResponseReturnValue:
    """Every group, and a form for a new one or for the one to change."""
    return _page(round_id, request.args.get("change", ""), None, {})


def _page(round_id: UUID, change: str, typed: dict[str, Any] | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        found = uow.groups.of_cohort(cohort.id)
        members = {group.id: uow.groups.members(group.id) for group in found}
        group = uow.groups.get(fields.identifier(change)) if change else None
        kept = (
            {"name": group.name, "people": [str(p) for p in members[group.id]]} if group else {"name": "", "people": []}
        )
        return show(
            "groups.html",
            uow,
            round_id,
            "staff_sessions.sessions",
            cohort=cohort,
            groups=found,
            members=members,
            participants=uow.cohorts.participants(cohort.id),
            group=group,
            values=typed or kept,
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/groups")
@staff_only
def keep(round_id: UUID) -> ResponseReturnValue:
    """Make a group, or change one."""
    name, change = fields.text(request.form, "name"), fields.text(request.form, "change")
    people = request.form.getlist("people")
    try:
        with units().begin() as uow:
            cohort = uow.cohorts.of_round(round_id)
            if cohort is None:
                raise Conflict("There is a cohort once the round’s decisions are released.")
            wanted = {fields.identifier(person) for person in people}
            revision = fields.revision(request.form) if change else None
            keep_group(uow, actor(), cohort.id, name, wanted, fields.identifier(change) if change else None, revision)
    except Invalid as error:
        return _page(round_id, change, {"name": name, "people": people}, error.problems), 422
    except Stale as error:
        return _page(round_id, change, {"name": name, "people": people}, {"name": [error.message]}), 412
    flash("The group is kept. Its sessions follow.", "success")
    return redirect(url_for("staff_groups.groups", round_id=round_id))


@pages.post("/groups/<uuid:group_id>/remove")
@staff_only
def remove(group_id: UUID) -> ResponseReturnValue:
    """Take a group away."""
    with units().begin() as uow:
        round_id = uow.cohorts.get(uow.groups.get(group_id).cohort_id).round_id
        remove_group(uow, actor(), group_id)
    flash("The group is taken away.", "info")
    return redirect(url_for("staff_groups.groups", round_id=round_id))
