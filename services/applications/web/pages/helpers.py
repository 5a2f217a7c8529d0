"""An applicant's helpers: who they are, what they may open, taking it back; who changed what; a copy to print."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Purpose
from services.applications.storage.tables import ChangeRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.ask_helper import MOST, ask_helper, end_help
from services.applications.use_cases.fill_in import Draft, open_draft
from services.applications.web.answers import answer_rows
from services.applications.web.context import language, units
from services.applications.web.round_view import view_for
from services.applications.web.sharing import shared_draft
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.spoken import in_own_words

pages = Blueprint("helpers", __name__, url_prefix="/applications/<uuid:application_id>")


@pages.get("/helpers")
@access.signed_in
def show(application_id: UUID) -> ResponseReturnValue:
    return _page(application_id, {})


def _page(application_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_, helpers = view_for(uow, draft.row), uow.helping.of_application(application_id)
    titles = {section.id: section.title.say(language()) for section in draft.form.sections}
    equality = [section.id for section in draft.form.sections if section.purpose is Purpose.EQUALITY]
    return render_template(
        "applications/apply/helpers.html",
        row=draft.row,
        round=round_,
        helpers=helpers,
        titles=titles,
        equality=equality,
        most=MOST,
        room=sum(helper.ended_at is None for helper in helpers) < MOST,
        values=_values(titles, equality),
        errors=in_own_words(errors),
    )


def _values(titles: dict[str, str], equality: list[str]) -> dict[str, Any]:
    """What was typed, or at first every part of the form but the equality questions."""
    if request.method == "POST":
        return {**request.form.to_dict(), "sections": request.form.getlist("sections")}
    return {"sections": [each for each in titles if each not in equality]}


@pages.post("/helpers")
@access.signed_in
def ask(application_id: UUID) -> ResponseReturnValue:
    typed = request.form
    try:
        with units().begin() as uow:
            helper = ask_helper(
                uow,
                application_id,
                known().person_id,
                name=typed.get("name", ""),
                email=typed.get("email", ""),
                sections=typed.getlist("sections"),
                may_submit=typed.get("may_submit") == "yes",
            )
    except Invalid as error:
        return _page(application_id, error.problems), 422
    except Conflict as error:
        return _page(application_id, {"name": [error.message]}), 409
    flash(_("We have written to %(name)s.", name=helper.name), "success")
    return redirect(f"/applications/{application_id}/helpers", 303)


@pages.post("/helpers/<uuid:helper_id>/end")
@access.signed_in
def end(application_id: UUID, helper_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        helper = end_help(uow, application_id, known().person_id, helper_id)
    flash(_("%(name)s cannot open your form any more.", name=helper.name), "success")
    return redirect(f"/applications/{application_id}/helpers", 303)


@pages.get("/changes")
@access.signed_in
def changes(application_id: UUID) -> ResponseReturnValue:
    """Who changed what and when, for everybody who works on it: each sees the parts that they may open."""
    shared = shared_draft(application_id)
    with units().begin(write=False) as uow:
        rows = _told(uow, shared.draft)
    return render_template(
        "applications/apply/changes.html", row=shared.draft.row, shared=shared, round=shared.round_, rows=rows
    )


def _told(uow: ApplicationsUnitOfWork, draft: Draft) -> list[dict[str, Any]]:
    seen = [change for change in uow.helping.changes(draft.row.id) if draft.reach.covers(change.section_id)]
    people = uow.people.many(list({change.person_id for change in seen}))
    names = {person_id: person.name or person.email for person_id, person in people.items()}
    return [{"change": each, "who": names.get(each.person_id, ""), "what": _what(draft, each)} for each in seen]


def _what(draft: Draft, change: ChangeRow) -> dict[str, Any]:
    questions = [
        draft.form.questions[each].label.say(language()) for each in change.questions if each in draft.form.questions
    ]
    title = next((each.title.say(language()) for each in draft.form.sections if each.id == change.section_id), "")
    return {"section": title, "questions": questions}


@pages.get("/print")
@access.signed_in
def print_view(application_id: UUID) -> ResponseReturnValue:
    """One's own answers on one page, to print or keep."""
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_, files = view_for(uow, draft.row), uow.uploads.names(application_id)
        person = uow.people.get(known().person_id)
    return render_template(
        "applications/apply/print.html",
        row=draft.row,
        round=round_,
        person=person,
        sections=answer_rows(draft, language(), files),
    )
