"""Pages of reviewers: their list, the declaration, and one application beside its rubric. Everything here is blind."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.cohorts.domain.rubric import Criterion, read_rubric
from services.cohorts.use_cases.declare_conflicts import declare, own_member
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.invite_reviewer import leave_panel
from services.cohorts.use_cases.keep_notes import keep_notes, my_notes
from services.cohorts.use_cases.read_reviews import Reading, my_panels, my_versions, open_review
from services.cohorts.use_cases.write_review import (
    Written,
    abstain,
    reopen_review,
    save_draft,
    set_aside,
    submit_review,
)
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from shared.errors import Conflict, Invalid, Stale
from shared.web import access
from shared.web.spoken import in_own_words, say

pages = Blueprint("panel", __name__, url_prefix="/cohorts/panel")


@pages.get("/", strict_slashes=False)
@access.role("reviewer")
def lists() -> ResponseReturnValue:
    """My panels, and what is on my list in each."""
    with units().begin(write=False) as uow:
        return render_template("cohorts/panel/lists.html", panels=my_panels(uow, actor()))


@pages.get("/<uuid:member_id>/declaration")
@access.role("reviewer")
def declaration(member_id: UUID) -> ResponseReturnValue:
    """Terms and conflicts, before the first read."""
    return _declaration(member_id, {}, {})


def _declaration(member_id: UUID, values: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        member = own_member(uow, actor(), member_id)
        return render_template(
            "cohorts/panel/declaration.html",
            member=member,
            round=uow.rounds.get(member.round_id),
            conflicts=uow.panels.conflicts([member.id])[member.id],
            terms=uow.terms.current(member.round_id),
            values=values,
            errors=errors,
        )


@pages.post("/<uuid:member_id>/declaration")
@access.role("reviewer")
def declare_(member_id: UUID) -> ResponseReturnValue:
    """Agree and declare."""
    values = {name: fields.text(request.form, name) for name in ("organisations", "domains", "agreed")}
    try:
        with units().begin() as uow:
            declare(
                uow,
                actor(),
                member_id,
                organisations=values["organisations"],
                domains=values["domains"],
                agreed=values["agreed"] == "yes",
                terms_version=_version(),
            )
    except Conflict as error:
        if error.code != "new-terms":
            raise
        return _declaration(member_id, values, {"agreed": [say(error.message)]}), 409
    except Invalid as error:
        return _declaration(member_id, values, in_own_words(error.problems)), 422
    flash(_("Thank you. Your list is ready."), "success")
    return redirect(url_for("panel.lists"))


def _version() -> int | None:
    """The version of the terms that was on the page."""
    given = fields.text(request.form, "terms_version")
    return int(given) if given.isascii() and given.isdigit() else None


@pages.get("/<uuid:member_id>/leave")
@access.role("reviewer")
def leaving(member_id: UUID) -> ResponseReturnValue:
    """What leaving the panel means."""
    with units().begin(write=False) as uow:
        member = own_member(uow, actor(), member_id)
        return render_template("cohorts/panel/leave.html", member=member, round=uow.rounds.get(member.round_id))


@pages.post("/<uuid:member_id>/leave")
@access.role("reviewer")
def leave(member_id: UUID) -> ResponseReturnValue:
    """Leave the panel: what is not read goes to others."""
    with units().begin() as uow:
        leave_panel(uow, actor(), member_id)
    flash(_("You have left the panel. Thank you for telling us."), "success")
    return redirect(url_for("panel.lists"))


@pages.get("/reviews/<uuid:assignment_id>")
@access.role("reviewer")
def review(assignment_id: UUID) -> ResponseReturnValue:
    """One application on my list, and my review of it."""
    try:
        return _review(assignment_id)
    except Conflict as error:
        if error.code not in {"declaration-needed", "preparing"}:
            raise
        return redirect(url_for("panel.lists"))


def _review(assignment_id: UUID, written: Written | None = None, errors: Mapping[str, list[str]] | None = None) -> str:
    with units().begin(write=False) as uow:
        reading = open_review(uow, actor(), assignment_id)
        versions = my_versions(uow, actor(), assignment_id)
        notes, notes_revision = my_notes(uow, actor(), assignment_id)
    return render_template(
        "cohorts/panel/review.html",
        reading=reading,
        written=written or _stored(reading),
        kept=_stored(reading) if errors and "revision" in errors else None,
        versions=versions,
        notes=notes,
        notes_revision=notes_revision,
        errors=errors or {},
    )


def _stored(reading: Reading) -> Written:
    review = reading.review
    if review is None:
        return Written(scores={})
    return Written(scores=review.scores, comment=review.comment, flagged=review.flagged, flag_reason=review.flag_reason)


def written_review(assignment_id: UUID) -> Written:
    """What the form says, by the round's rubric."""
    with units().begin(write=False) as uow:
        assignment = uow.assignments.get(assignment_id)
        rubric = read_rubric(uow.rounds.get(assignment.round_id).rubric)
    return Written(
        scores={criterion.id: _line(criterion) for criterion in rubric},
        comment=fields.text(request.form, "comment"),
        flagged=request.form.get("flagged") == "yes",
        flag_reason=fields.text(request.form, "flag_reason"),
    )


def _line(criterion: Criterion) -> dict[str, Any]:
    given = request.form.get(f"score-{criterion.id}", "")
    score = int(given) if given.isascii() and given.isdigit() else None
    return {"score": score, "reason": fields.text(request.form, f"reason-{criterion.id}")}


@pages.post("/reviews/<uuid:assignment_id>/draft")
@access.role("reviewer")
def autosave(assignment_id: UUID) -> ResponseReturnValue:
    """Save as typed; the answer says which version that made."""
    try:
        with units().begin() as uow:
            saved = save_draft(
                uow, actor(), assignment_id, written_review(assignment_id), fields.revision(request.form)
            )
    except Stale as error:
        return jsonify(message=say(error.message)), 409
    except Invalid as error:
        return jsonify(errors=in_own_words(error.problems)), 422
    return jsonify(revision=saved.revision)


@pages.post("/reviews/<uuid:assignment_id>")
@access.role("reviewer")
def write(assignment_id: UUID) -> ResponseReturnValue:
    """Save, or save and hand in. What was typed is kept before anything else is looked at."""
    written, revision = written_review(assignment_id), fields.revision(request.form)
    try:
        with units().begin() as uow:
            saved = save_draft(uow, actor(), assignment_id, written, revision)
    except Stale as error:
        # Whichever of the two the reviewer goes on with, the other stays in their own history.
        with units().begin() as uow:
            set_aside(uow, actor(), assignment_id, written)
        return _review(assignment_id, written, {"revision": [say(error.message)]}), 412
    except Invalid as error:
        return _review(assignment_id, written, in_own_words(error.problems)), 422
    if request.form.get("then") != "submit":
        flash(_("Saved. You can finish it later."), "success")
        return redirect(url_for("panel.lists"))
    try:
        with units().begin() as uow:
            submit_review(uow, actor(), assignment_id, written, saved.revision)
    except Invalid as error:
        return _review(assignment_id, written, in_own_words(error.problems)), 422
    flash(_("Handed in. You can reopen it until reviewing closes."), "success")
    return redirect(url_for("panel.review", assignment_id=assignment_id))


@pages.post("/reviews/<uuid:assignment_id>/notes")
@access.role("reviewer")
def keep_own_notes(assignment_id: UUID) -> ResponseReturnValue:
    """Keep my notes to myself; the script that saves as typed is answered in JSON."""
    text, script = fields.text(request.form, "notes"), "X-Autosave" in request.headers
    try:
        with units().begin() as uow:
            row = keep_notes(uow, actor(), assignment_id, text, fields.revision(request.form))
    except Stale as error:
        if script:
            return jsonify(message=say(error.message)), 409
        return _both_notes(assignment_id, text), 412
    if script:
        return jsonify(revision=row.revision)
    flash(_("Your notes are kept. Only you see them."), "success")
    return redirect(url_for("panel.review", assignment_id=assignment_id) + "#own-notes")


def _both_notes(assignment_id: UUID, typed: str) -> str:
    """Both windows' notes, one under the other, to be kept as they are or tidied."""
    with units().begin(write=False) as uow:
        reading = open_review(uow, actor(), assignment_id)
        notes, revision = my_notes(uow, actor(), assignment_id)
    return render_template(
        "cohorts/panel/notes.html", reading=reading, notes=f"{notes}\n\n{typed}".strip(), notes_revision=revision
    )


@pages.post("/reviews/<uuid:assignment_id>/reopen")
@access.role("reviewer")
def reopen(assignment_id: UUID) -> ResponseReturnValue:
    """Take my review back to change it."""
    with units().begin() as uow:
        reopen_review(uow, actor(), assignment_id, fields.revision(request.form))
    flash(_("Your review is open again. It does not count until you hand it in."), "info")
    return redirect(url_for("panel.review", assignment_id=assignment_id))


@pages.get("/reviews/<uuid:assignment_id>/not-for-me")
@access.role("reviewer")
def not_for_me(assignment_id: UUID) -> ResponseReturnValue:
    """Two ways not to score an application: hand it back, or abstain."""
    return _not_for_me(assignment_id, {}, {})


def _not_for_me(assignment_id: UUID, values: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        reading = open_review(uow, actor(), assignment_id)
    return render_template("cohorts/panel/not_for_me.html", reading=reading, values=values, errors=errors)


@pages.post("/reviews/<uuid:assignment_id>/not-for-me")
@access.role("reviewer")
def decline(assignment_id: UUID) -> ResponseReturnValue:
    """Hand back or abstain, with a reason."""
    values = {name: fields.text(request.form, name) for name in ("what", "reason")}
    try:
        if values["what"] not in {"hand_back", "abstain"}:
            raise Invalid({"what": [_("Choose one of the two.")]})
        with units().begin() as uow:
            if values["what"] == "hand_back":
                hand_back(uow, actor(), assignment_id, values["reason"])
            else:
                abstain(uow, actor(), assignment_id, values["reason"], fields.revision(request.form))
    except Invalid as error:
        return _not_for_me(assignment_id, values, in_own_words(error.problems)), 422
    flash(_("Thank you for telling us."), "success")
    return redirect(url_for("panel.lists"))
