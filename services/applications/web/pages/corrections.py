"""Correct what was sent: which section, then its questions with the answers as they are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Section
from services.applications.use_cases.correct_answers import AT_ONCE, correct
from services.applications.use_cases.fill_in import Draft, open_draft
from services.applications.web.answers import in_words
from services.applications.web.context import language, units
from services.applications.web.questions import arranged
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.spoken import in_own_words

pages = Blueprint("corrections", __name__, url_prefix="/applications/<uuid:application_id>/correct")


def _own(application_id: UUID) -> Draft:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
    if draft.row.state != "submitted":
        raise Conflict(_("Only an application that was sent can be corrected."), code="not-sent")
    return draft


@pages.get("")
@access.signed_in
def sections(application_id: UUID) -> ResponseReturnValue:
    draft = _own(application_id)
    with units().begin(write=False) as uow:
        made = uow.corrections.of_application(application_id)
    tag = language()
    history = [
        {
            "row": row,
            "question": draft.form.questions[row.question_id].label.say(tag),
            "wanted": in_words(draft.form.questions[row.question_id], row.wanted, tag),
        }
        for row in made
        if row.question_id in draft.form.questions
    ]
    return render_template(
        "applications/corrections/sections.html", row=draft.row, form_=draft.form, at_once=AT_ONCE, history=history
    )


@pages.get("/<section_id>")
@access.signed_in
def show(application_id: UUID, section_id: str) -> ResponseReturnValue:
    draft = _own(application_id)
    return _page(draft, draft.section(section_id), draft.answers, {}, "")


def _page(
    draft: Draft, section: Section, values: Mapping[str, Any], errors: Mapping[str, list[str]], reason: str
) -> str:
    return render_template(
        "applications/corrections/section.html",
        row=draft.row,
        section=section,
        questions=arranged(draft.form, section, values),
        values=values,
        errors=in_own_words(errors),
        at_once=section.purpose in AT_ONCE,
        reason=reason,
    )


@pages.post("/<section_id>")
@access.signed_in
def send(application_id: UUID, section_id: str) -> ResponseReturnValue:
    typed: dict[str, Any] = request.form
    reason = request.form.get("reason", "")
    try:
        with units().begin() as uow:
            made = correct(
                uow, application_id, known().person_id, section_id, typed, reason=reason, language=language()
            )
    except Invalid as error:
        draft = _own(application_id)
        section = draft.section(section_id)
        kept = {question.id: _typed(question.id, draft) for question in section.questions}
        return _page(draft, section, {**draft.answers, **kept}, error.problems, reason), 422
    asked = any(row.state == "asked" for row in made)
    flash(_("We have your wish, and look at it soon.") if asked else _("It is changed."), "success")
    return redirect(f"/applications/{application_id}/correct", 303)


def _typed(name: str, draft: Draft) -> Any:
    """What was typed for a question, as the form's macros show it again."""
    sent = request.form.getlist(name)
    if name not in request.form:
        return draft.answers.get(name)
    return sent if isinstance(draft.answers.get(name), list) or len(sent) > 1 else sent[0]
