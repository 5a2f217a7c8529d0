"""Staff: what each person is told with their decision, written, looked at and approved."""

import json
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.approve_feedback import add_phrases, approve_all, approve_feedback, write_feedback
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.preview_decisions import events_of
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid, NotFound, Stale

pages = Blueprint("staff_feedback", __name__, url_prefix="/cohorts/staff")


@pages.get("/decisions/<uuid:decision_id>")
@staff_only
def decision(decision_id: UUID) -> ResponseReturnValue:
    """What one person will be told."""
    return _decision(decision_id, None, {})


def _decision(decision_id: UUID, feedback: str | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.releases.decision(decision_id)
        release = uow.releases.get(row.release_id)
        application = uow.applications.get(row.application_id)
        (person,) = with_people(uow, [application])
        before, after = uow.releases.beside(row)
        language = person.person.language if person.person else "en"
        return show(
            "decision.html",
            uow,
            release.round_id,
            "staff_decisions.decisions",
            decision=row,
            release=release,
            row=person,
            why=uow.runs.person(release.run_id, row.application_id),
            feedback=row.feedback if feedback is None else feedback,
            errors=errors,
            phrases=uow.phrases.fitting(row.outcome, language),
            messages=json.dumps(events_of(uow, release, [(row, application)])),
            before=before,
            after=after,
        )


@pages.post("/decisions/<uuid:decision_id>")
@staff_only
def feedback(decision_id: UUID) -> ResponseReturnValue:
    """Write what this person is told beyond the outcome; or put ticked phrases into the text and go on writing."""
    text = fields.text(request.form, "feedback")
    wanted = request.form.get("do", "keep")
    try:
        if wanted == "add":
            return _decision(decision_id, _with_phrases(text), {})
        with units().begin() as uow:
            row = write_feedback(uow, actor(), decision_id, text, fields.revision(request.form))
            if wanted == "approve":
                approve_feedback(uow, actor(), decision_id, row.revision)
    except Invalid as error:
        return _decision(decision_id, text, error.problems), 422
    except Stale as error:
        return _decision(decision_id, text, {"feedback": [error.message]}), 412
    flash("The feedback is approved." if wanted == "approve" else "The feedback is kept.", "success")
    return redirect(url_for("staff_feedback.decision", decision_id=decision_id))


def _with_phrases(text: str) -> str:
    with units().begin(write=False) as uow:
        return add_phrases(uow, text, map(fields.identifier, request.form.getlist("phrases")))


@pages.post("/releases/<uuid:release_id>/approve")
@staff_only
def approve(release_id: UUID) -> ResponseReturnValue:
    """Approve the feedback that the page showed."""
    with units().begin() as uow:
        round_id = uow.releases.get(release_id).round_id
        count = approve_all(uow, actor(), release_id, dict(map(_looked_at, request.form.getlist("looked_at"))))
    flash(f"The feedback of {count} people is approved.", "success")
    return redirect(url_for("staff_decisions.decisions", round_id=round_id))


def _looked_at(text: str) -> tuple[UUID, int]:
    identifier, _, revision = text.partition(":")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        raise NotFound("There is no such thing.")
    return fields.identifier(identifier), int(revision)
