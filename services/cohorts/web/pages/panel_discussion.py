"""Pages of the discussion, for those whose own review is in. Blind, like everything that a reviewer is shown."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.cohorts.use_cases.discuss import my_discussions, say_in_discussion, see_discussion, take_back_post
from services.cohorts.use_cases.write_review import Written, revise_review
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.panel import written_review
from shared.errors import Conflict, Invalid, Stale
from shared.web import access
from shared.web.spoken import in_own_words, say

pages = Blueprint("panel_discussion", __name__, url_prefix="/cohorts/panel/discussions")


@pages.get("/", strict_slashes=False)
@access.role("reviewer")
def threads() -> ResponseReturnValue:
    """What I may discuss."""
    try:
        with units().begin(write=False) as uow:
            listed = my_discussions(uow, actor())
    except Conflict as error:
        if error.code != "declaration-needed":
            raise
        return redirect(url_for("panel.lists"))
    return render_template("cohorts/panel/discussions.html", listed=listed)


@pages.get("/<uuid:assignment_id>")
@access.role("reviewer")
def thread(assignment_id: UUID) -> ResponseReturnValue:
    """One application's discussion."""
    return _thread(assignment_id, "", {})


def _thread(
    assignment_id: UUID, text: str, errors: Mapping[str, list[str]], typed: Written | None = None, why: str = ""
) -> str:
    with units().begin(write=False) as uow:
        seen = see_discussion(uow, actor(), assignment_id)
    review = seen.review
    stored = Written(
        scores=review.scores, comment=review.comment, flagged=review.flagged, flag_reason=review.flag_reason
    )
    return render_template(
        "cohorts/panel/discussion.html", seen=seen, text=text, errors=errors, written=typed or stored, why=why
    )


@pages.post("/<uuid:assignment_id>")
@access.role("reviewer")
def post(assignment_id: UUID) -> ResponseReturnValue:
    """Say something."""
    text = fields.text(request.form, "text")
    try:
        with units().begin() as uow:
            say_in_discussion(uow, actor(), assignment_id, text, confirmed=request.form.get("confirmed") == "yes")
    except Invalid as error:
        return _thread(assignment_id, text, in_own_words(error.problems)), 422
    flash(_("Posted."), "success")
    return redirect(url_for("panel_discussion.thread", assignment_id=assignment_id))


@pages.post("/<uuid:assignment_id>/posts/<uuid:post_id>/remove")
@access.role("reviewer")
def remove(assignment_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """Take my own post back."""
    with units().begin() as uow:
        take_back_post(uow, actor(), assignment_id, post_id)
    flash(_("Taken back."), "success")
    return redirect(url_for("panel_discussion.thread", assignment_id=assignment_id))


@pages.post("/<uuid:assignment_id>/scores")
@access.role("reviewer")
def revise(assignment_id: UUID) -> ResponseReturnValue:
    """Change my scores after what was said."""
    typed, why = written_review(assignment_id), fields.text(request.form, "why")
    try:
        with units().begin() as uow:
            revise_review(uow, actor(), assignment_id, typed, why, fields.revision(request.form))
    except Invalid as error:
        return _thread(assignment_id, "", in_own_words(error.problems), typed, why), 422
    except Stale as error:
        return _thread(assignment_id, "", {"why": [say(error.message)]}, typed, why), 412
    flash(_("Your scores are changed. What they were before is kept."), "success")
    return redirect(url_for("panel_discussion.thread", assignment_id=assignment_id))
