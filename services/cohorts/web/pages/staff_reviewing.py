"""Staff: what there is to look after while a panel reads and talks."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.discuss import remove_post, say_as_staff, see_thread, see_threads
from services.cohorts.use_cases.see_reviewing import handed_back, see_changes
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid

pages = Blueprint("staff_reviewing", __name__, url_prefix="/cohorts/staff")
_TAB = "staff_reviewing.hub"


@pages.get("/rounds/<uuid:round_id>/reviewing")
@staff_only
def hub(round_id: UUID) -> ResponseReturnValue:
    """Everything about reviewing, and what was handed back with who would read it instead."""
    with units().begin(write=False) as uow:
        return show(
            "reviewing.html",
            uow,
            round_id,
            _TAB,
            returned=handed_back(uow, round_id),
            phase=uow.rounds.phases(round_id).at(uow.now),
        )


@pages.get("/rounds/<uuid:round_id>/reviewing/changes")
@staff_only
def changes(round_id: UUID) -> ResponseReturnValue:
    """Every change of a review that had been handed in."""
    with units().begin(write=False) as uow:
        return show("changes.html", uow, round_id, _TAB, changes=see_changes(uow, round_id))


@pages.get("/rounds/<uuid:round_id>/discussions")
@staff_only
def discussions(round_id: UUID) -> ResponseReturnValue:
    """Every thread in which something was said."""
    with units().begin(write=False) as uow:
        return show("discussions.html", uow, round_id, _TAB, threads=see_threads(uow, round_id))


@pages.get("/applications/<uuid:application_id>/discussion")
@staff_only
def discussion(application_id: UUID) -> ResponseReturnValue:
    """One application's thread."""
    return _discussion(application_id, "", {})


def _discussion(application_id: UUID, text: str, errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        thread = see_thread(uow, application_id)
        round_id = thread.application.round_id
        phase = uow.rounds.phases(round_id).at(uow.now)
        return show(
            "discussion.html", uow, round_id, _TAB, thread=thread, text=text, errors=errors, open=phase == "discussion"
        )


@pages.post("/applications/<uuid:application_id>/discussion")
@staff_only
def say(application_id: UUID) -> ResponseReturnValue:
    """Say something as the programme team."""
    text = fields.text(request.form, "text")
    try:
        with units().begin() as uow:
            say_as_staff(uow, actor(), application_id, text)
    except Invalid as error:
        return _discussion(application_id, text, error.problems), 422
    except Conflict as error:
        return _discussion(application_id, text, {"text": [error.message]}), 409
    flash("Posted.", "success")
    return redirect(url_for("staff_reviewing.discussion", application_id=application_id))


@pages.post("/posts/<uuid:post_id>/remove")
@staff_only
def remove(post_id: UUID) -> ResponseReturnValue:
    """Take a post out of its thread."""
    with units().begin() as uow:
        application_id = remove_post(uow, actor(), post_id).application_id
    flash("The post is taken out. You still see it here; the panel does not.", "success")
    return redirect(url_for("staff_reviewing.discussion", application_id=application_id))
