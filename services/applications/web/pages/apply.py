"""Applying: the check first, then who you are, then the draft's list of sections, the check of answers, sending."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.domain.forms import Form, check_eligibility, merge_answers, parse_answers
from services.applications.storage.tables import RoundRow
from services.applications.use_cases import sign_in
from services.applications.use_cases.fill_in import open_draft
from services.applications.use_cases.keep_round import last_minute, texts_of
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application, withdraw_application
from services.applications.web.answers import answer_rows, problem_links, section_rows
from services.applications.web.context import units
from services.applications.web.pages.sign_in import wish
from services.applications.web.stages import stage_of, timeline
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import chosen_language
from shared.web.identity import current, known

pages = Blueprint("apply", __name__)


def _language() -> str:
    return chosen_language() or "en"


def _open_round(slug: str) -> tuple[RoundRow, Form]:
    with units().begin(write=False) as uow:
        row = uow.rounds.by_slug(slug)
        return row, uow.rounds.form(row.id, row.form_version)


def _checked(slug: str) -> dict[str, Any]:
    """The eligibility answers of this browser: three words in a signed cookie, until the draft holds them."""
    found = session.get(f"eligible:{slug}")
    return dict(found) if isinstance(found, dict) else {}


@pages.get("/apply/<slug>")
@access.public
def eligibility(slug: str) -> ResponseReturnValue:
    row, form = _open_round(slug)
    if form.eligibility is None:
        return redirect(f"/apply/{slug}/begin")
    return _eligibility_page(row, form, _checked(slug), {})


def _eligibility_page(row: RoundRow, form: Form, answers: dict[str, Any], errors: dict[str, list[str]]) -> str:
    assert form.eligibility is not None  # noqa: S101 - both callers looked
    return render_template(
        "applications/apply/eligibility.html",
        round=row,
        texts=texts_of(row, _language()),
        section=form.eligibility.section,
        questions=form.eligibility.section.questions,
        values=answers,
        errors=errors,
    )


@pages.post("/apply/<slug>")
@access.public
def check(slug: str) -> ResponseReturnValue:
    row, form = _open_round(slug)
    if form.eligibility is None:
        return redirect(f"/apply/{slug}/begin", 303)
    answers, problems = parse_answers(form, "eligibility", request.form, strict=True, language=_language())
    if problems:
        return _eligibility_page(row, form, answers, problems), 422
    result = check_eligibility(form, answers)
    if not result.eligible:
        return render_template(
            "applications/apply/not_eligible.html",
            round=row,
            texts=texts_of(row, _language()),
            refusals=result.refusals,
        )
    session[f"eligible:{slug}"] = merge_answers({}, answers)
    return redirect(f"/apply/{slug}/begin", 303)


@pages.get("/apply/<slug>/begin")
@access.public
def begin(slug: str) -> ResponseReturnValue:
    row, form = _open_round(slug)
    if form.eligibility is not None and not _checked(slug) and not _own(row):
        return redirect(f"/apply/{slug}")
    return _begin_page(row, form, {})


def _own(row: RoundRow) -> bool:
    who = current()
    if who is None:
        return False
    with units().begin(write=False) as uow:
        return uow.applications.of(row.id, who.person_id) is not None


def _begin_page(row: RoundRow, form: Form, errors: dict[str, list[str]]) -> str:
    return render_template(
        "applications/apply/begin.html",
        round=row,
        texts=texts_of(row, _language()),
        form_=form,
        closes_at=last_minute(row),
        errors=errors,
        values=request.form,
    )


@pages.post("/apply/<slug>/begin")
@access.public
def start(slug: str) -> ResponseReturnValue:
    """Signed in: begin the draft. Not yet: send a code first, and come back here."""
    who = current()
    if who is None:
        return _send_code(slug)
    with units().begin() as uow:
        row = start_application(uow, slug, who.person_id, language=_language(), eligibility=_checked(slug))
    session.pop(f"eligible:{slug}", None)
    # Renewed, since beginning a first application makes somebody an applicant.
    return redirect(f"/identity/renew?next=/applications/{row.id}", 303)


def _send_code(slug: str) -> ResponseReturnValue:
    row, form = _open_round(slug)
    name, email = request.form.get("name", ""), request.form.get("email", "")
    try:
        if not name.strip():
            raise Invalid({"name": [_("Tell us what to call you.")]})
        with units().begin() as uow:
            sign_in.request_sign_in(uow, wish(email, name=name, next_path=f"/apply/{slug}/begin"))
    except Invalid as error:
        return _begin_page(row, form, error.problems), 422
    return redirect("/sign-in/code", 303)


@pages.get("/applications/<uuid:application_id>")
@access.signed_in
def overview(application_id: UUID) -> ResponseReturnValue:
    """A draft's list of sections, or where a sent application stands."""
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_ = uow.rounds.get(draft.row.round_id)
        status = uow.applications.status(application_id)
    common = {
        "row": draft.row,
        "round": round_,
        "texts": texts_of(round_, _language()),
        "closes_at": last_minute(round_),
    }
    if draft.row.state == "draft":
        return render_template("applications/apply/tasks.html", **common, **section_rows(draft, _language()))
    stage = stage_of(draft.row, status)
    return render_template(
        "applications/apply/status.html",
        **common,
        stage=stage,
        steps=timeline(stage),
        detail=status.detail if status else "",
        sections=answer_rows(draft, _language()),
    )


@pages.get("/applications/<uuid:application_id>/check")
@access.signed_in
def check_answers(application_id: UUID) -> ResponseReturnValue:
    return _check_page(application_id, {})


def _check_page(application_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_ = uow.rounds.get(draft.row.round_id)
    links = problem_links(draft, errors)
    return render_template(
        "applications/apply/check.html",
        row=draft.row,
        round=round_,
        texts=texts_of(round_, _language()),
        sections=answer_rows(draft, _language()),
        problem_links=links,
        errors=errors,
        closes_at=last_minute(round_),
    )


@pages.post("/applications/<uuid:application_id>/submit")
@access.signed_in
def submit(application_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            submit_application(uow, application_id, known().person_id)
    except Invalid as error:
        return _check_page(application_id, error.problems), 422
    except Conflict as error:
        if error.code != "too-late":
            raise
        return _check_page(application_id, {"": [error.message]}), 409
    return redirect(f"/applications/{application_id}/sent", 303)


@pages.get("/applications/<uuid:application_id>/sent")
@access.signed_in
def sent(application_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_ = uow.rounds.get(draft.row.round_id)
        email = uow.people.get(known().person_id).email
    if draft.row.state != "submitted":
        return redirect(f"/applications/{application_id}")
    return render_template(
        "applications/apply/sent.html",
        row=draft.row,
        round=round_,
        texts=texts_of(round_, _language()),
        email=email,
        demo=current_app.config["DEMO"],
    )


@pages.get("/applications/<uuid:application_id>/withdraw")
@access.signed_in
def withdraw(application_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        round_ = uow.rounds.get(draft.row.round_id)
    return render_template("applications/apply/withdraw.html", row=draft.row, texts=texts_of(round_, _language()))


@pages.post("/applications/<uuid:application_id>/withdraw")
@access.signed_in
def confirm_withdrawal(application_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        withdraw_application(uow, application_id, known().person_id)
    flash(_("Your application has been taken back."), "success")
    return redirect(f"/applications/{application_id}", 303)
