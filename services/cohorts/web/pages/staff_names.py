"""Staff: answers that may name the person who wrote them, before a blind panel reads them."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.redact_answer import clear_answer, named_answer, redact_answer, waiting_answers
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_names", __name__, url_prefix="/cohorts/staff")
_TOLD = {
    "redacted": "Reviewers read the redacted text from now on. The original is kept.",
    "cleared": "Noted: it may stay.",
    "restored": "Reviewers read the original again.",
}


@pages.get("/rounds/<uuid:round_id>/names")
@staff_only
def queue(round_id: UUID) -> ResponseReturnValue:
    """What waits to be looked at."""
    after = request.args.get("after", "")[:40]
    with units().begin(write=False) as uow:
        answers, more = waiting_answers(uow, round_id, after)
        return show("names.html", uow, round_id, "staff_reviewing.hub", answers=answers, more=more, first=not after)


@pages.get("/applications/<uuid:application_id>/answers/<question_id>/names")
@staff_only
def answer(application_id: UUID, question_id: str) -> ResponseReturnValue:
    """One answer: the original, the places, and what reviewers read."""
    return _answer(application_id, question_id, {}, {})


def _answer(application_id: UUID, question_id: str, values: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        found = named_answer(uow, application_id, question_id)
        return show(
            "named_answer.html",
            uow,
            found.application.round_id,
            "staff_reviewing.hub",
            answer=found,
            history=uow.redactions.history(application_id, question_id),
            values=values,
            errors=errors,
        )


@pages.post("/applications/<uuid:application_id>/answers/<question_id>/names")
@staff_only
def decide(application_id: UUID, question_id: str) -> ResponseReturnValue:
    """Redact, or say that nobody is named."""
    values = {name: fields.text(request.form, name) for name in ("text", "reason")}
    try:
        with units().begin() as uow:
            if request.form.get("then") == "clear":
                row = clear_answer(uow, actor(), application_id, question_id, values["reason"])
            else:
                row = redact_answer(uow, actor(), application_id, question_id, values["text"], values["reason"])
            round_id = uow.applications.get(application_id).round_id
    except Invalid as error:
        return _answer(application_id, question_id, values, error.problems), 422
    flash(_TOLD[row.action], "success")
    return redirect(url_for("staff_names.queue", round_id=round_id))
