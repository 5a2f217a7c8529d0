"""Staff: what people asked about their data. Copies, corrections, erasures that wait, run or are stuck."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.storage.tables import CorrectionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import copy_data, correct_answers, erase_person
from services.applications.use_cases.find_somebody import find_person
from services.applications.web.answers import in_words
from services.applications.web.context import here, units
from services.applications.web.data_files import download
from services.applications.web.recent import prove_first
from shared.errors import Conflict, Invalid, NotFound
from shared.web import access
from shared.web.identity import known

pages = Blueprint("staff_data", __name__, url_prefix="/staff/data")
PAGE = "/staff/data"
STUCK = timedelta(hours=1)
"""An erasure takes seconds; after an hour somebody should look why it does not end."""


@pages.get("")
@access.role("staff", "administrator")
def overview() -> ResponseReturnValue:
    return _page({})


def _page(errors: dict[str, list[str]]) -> str:
    now = here().clock()
    with units().begin(write=False) as uow:
        erasures = [erase_person.progress_of(uow, row) for row in uow.erasures.listed()]
        certificates = {
            each.row.id: erase_person.certificate_path(uow, each.row)
            for each in erasures
            if each.row.state in (erase_person.RUNNING, erase_person.DONE)
        }
        copies = uow.data_requests.newest(50)
        people = uow.people.many([row.person_id for row in copies] + [each.row.person_id for each in erasures])
        corrections = [_correction(uow, row) for row in uow.corrections.waiting()]
    stuck = {each.row.id for each in erasures if each.row.state == "running" and _age(each, now) > STUCK}
    return render_template(
        "applications/staff/data.html",
        erasures=erasures,
        stuck=stuck,
        certificates=certificates,
        copies=copies,
        people=people,
        corrections=corrections,
        errors=errors,
        typed=request.form,
    )


def _age(each: erase_person.Progress, now: datetime) -> timedelta:
    return now - (each.row.asked_again_at or each.row.started_at or each.row.asked_at)


def _correction(uow: ApplicationsUnitOfWork, row: CorrectionRow) -> dict[str, object]:
    application = uow.applications.get(row.application_id)
    question = uow.rounds.form(application.round_id, application.form_version).questions[row.question_id]
    return {
        "row": row,
        "application": application,
        "question": question.label.say("en"),
        "before": in_words(question, row.before, "en"),
        "wanted": in_words(question, row.wanted, "en"),
    }


@pages.post("/people")
@access.role("staff", "administrator")
def for_person() -> ResponseReturnValue:
    """Somebody wrote or telephoned: ask for a copy, or for erasure, in their place."""
    if answer := prove_first(PAGE):
        return answer
    what, sure = request.form.get("what"), request.form.get("sure") == "yes"
    if what not in ("copy", "erase"):
        return _page({"what": ["Choose what they ask for."]}), 422
    if what == "erase" and not sure:
        return _page({"sure": ["Tick this when you are sure: it cannot be undone."]}), 422
    try:
        with units().begin() as uow:
            person = find_person(uow, request.form.get("email", ""))
            if what == "erase":
                erase_person.request_erasure(uow, person.id, language=person.language, by_staff=True)
            else:
                copy_data.request_copy(uow, person.id, asked_by=known().person_id, language=person.language)
    except NotFound as error:
        return _page({"email": [error.message]}), 422
    flash("It is under way.", "success")
    return redirect(PAGE, 303)


@pages.post("/copies/<uuid:request_id>")
@access.role("staff", "administrator")
def fetch(request_id: UUID) -> ResponseReturnValue:
    """A copy that staff asked for, to send to its owner. Never one that its owner asked for."""
    if answer := prove_first(PAGE):
        return answer
    with units().begin() as uow:
        copy = copy_data.open_copy(uow, request_id, owner=None)
        if copy.request.asked_by == copy.request.person_id:
            raise Conflict("The person asked for this copy themselves, so it is theirs alone.")
        return download(copy, here().clock())


@pages.post("/erasures/<uuid:erasure_id>/<what>")
@access.role("staff", "administrator")
def settle(erasure_id: UUID, what: str) -> ResponseReturnValue:
    with units().begin() as uow:
        if what == "agree":
            erase_person.agree(uow, erasure_id)
        elif what == "refuse":
            erase_person.refuse(uow, erasure_id, request.form.get("reason", ""))
        elif what == "again":
            erase_person.ask_again(uow, erasure_id)
        else:
            raise NotFound("There is no such page.")
    flash("Done.", "success")
    return redirect(PAGE, 303)


@pages.post("/corrections/<uuid:correction_id>")
@access.role("staff", "administrator")
def decide(correction_id: UUID) -> ResponseReturnValue:
    accept = request.form.get("decision") == "accept"
    try:
        with units().begin() as uow:
            correct_answers.decide(
                uow, correction_id, accept=accept, note=request.form.get("note", ""), decided_by=known().name
            )
    except Invalid as error:
        return _page(error.problems), 422
    flash("Done.", "success")
    return redirect(PAGE, 303)
