"""One's own application: its sections, the check of all answers, sending it, where it stands, taking it back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from services.applications.domain.reach import Role
from services.applications.use_cases.fill_in import Draft, open_draft
from services.applications.use_cases.open_case import can_ask_review
from services.applications.use_cases.score_application import read_breakdown
from services.applications.use_cases.submit_application import submit_application, withdraw_application
from services.applications.web.answers import answer_rows, problem_links, section_rows
from services.applications.web.context import language, units
from services.applications.web.round_view import RoundView, view_for
from services.applications.web.sharing import Shared, acts_for_programme, shared_draft
from services.applications.web.stages import stage_of, timeline
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.moments import moment
from shared.web.spoken import in_own_words

pages = Blueprint("application", __name__, url_prefix="/applications/<uuid:application_id>")


def _own(application_id: UUID) -> tuple[Draft, RoundView]:
    """The reader's own application and its round; raises NotFound for anybody else's."""
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
        return draft, view_for(uow, draft.row)


@pages.get("")
@access.signed_in
def overview(application_id: UUID) -> ResponseReturnValue:
    """A draft's list of sections, or where a sent application stands."""
    shared = shared_draft(application_id)
    draft, round_ = shared.draft, shared.round_
    if draft.row.state == "draft":
        return render_template(
            "applications/apply/tasks.html",
            row=draft.row,
            round=round_,
            shared=shared,
            refusal=refusal_of(round_),
            **section_rows(draft, language()),
        )
    with units().begin(write=False) as uow:
        status, files = uow.applications.status(application_id), uow.uploads.names(application_id)
        told = round_.row.show_scores and draft.row.state == "submitted"
        breakdown = read_breakdown(uow, draft.row) if told else None
        lotteries = uow.rounds.lotteries(draft.row.round_id)
        may_ask = can_ask_review(uow, draft.row, uow.rounds.get(draft.row.round_id))
    stage = stage_of(draft.row, status)
    return render_template(
        "applications/apply/status.html",
        row=draft.row,
        round=round_,
        stage=stage,
        steps=timeline(stage),
        detail=status.detail if status else "",
        since=status.since if status and draft.row.state == "submitted" else draft.row.withdrawn_at,
        breakdown=breakdown,
        lotteries=lotteries,
        may_ask=may_ask,
        sections=answer_rows(draft, language(), files),
    )


def refusal_of(round_: RoundView) -> str:
    """Why a draft cannot be sent at this moment; empty when it can."""
    match round_.stage:
        case "open":
            return ""
        case "paused":
            return _("This round is paused, so nothing can be sent now. Your draft is kept. You can send it later.")
        case "soon" | "draft":
            return _("This round is not open yet. Your draft is kept. You can send it when it opens.")
        case _:
            when = moment(round_.closes_at, round_.closes_zone)
            return _(
                "This round has closed. The last moment to send it was %(when)s. "
                "Your draft is kept, but it cannot be sent any more.",
                when=when,
            )


@pages.get("/check")
@access.signed_in
def check_answers(application_id: UUID) -> ResponseReturnValue:
    shared = shared_draft(application_id)
    if shared.draft.row.state != "draft":
        return redirect(f"/applications/{application_id}")
    return _check_page(shared, {})


def _check_page(shared: Shared, errors: dict[str, list[str]]) -> str:
    draft = shared.draft
    with units().begin(write=False) as uow:
        files = uow.uploads.names(draft.row.id)
    return render_template(
        "applications/apply/check.html",
        row=draft.row,
        round=shared.round_,
        shared=shared,
        refusal=refusal_of(shared.round_),
        sections=answer_rows(draft, language(), files),
        problem_links=problem_links(draft, in_own_words(errors)),
        errors=errors,
    )


@pages.post("/submit")
@access.signed_in
def submit(application_id: UUID) -> ResponseReturnValue:
    shared = shared_draft(application_id)
    try:
        with units().begin() as uow:
            submit_application(uow, application_id, known().person_id, staff=acts_for_programme())
    except Invalid as error:
        return _check_page(shared, error.problems), 422
    except Conflict as error:
        if error.code == "withdrawn":
            raise
        return _check_page(shared, {"": [refusal_of(shared.round_) or error.message]}), 409
    if shared.draft.reach.role is Role.APPLICANT:
        return redirect(f"/applications/{application_id}/sent", 303)
    flash(_("The application of %(name)s is sent.", name=shared.on_behalf_of), "success")
    return redirect(shared.home, 303)


@pages.get("/sent")
@access.signed_in
def sent(application_id: UUID) -> ResponseReturnValue:
    draft, round_ = _own(application_id)
    if draft.row.state != "submitted":
        return redirect(f"/applications/{application_id}")
    with units().begin(write=False) as uow:
        email = uow.people.get(known().person_id).email
    return render_template("applications/apply/sent.html", row=draft.row, round=round_, email=email)


@pages.get("/withdraw")
@access.signed_in
def withdraw(application_id: UUID) -> ResponseReturnValue:
    draft, round_ = _own(application_id)
    if draft.row.state == "withdrawn":
        return redirect(f"/applications/{application_id}")
    return render_template("applications/apply/withdraw.html", row=draft.row, round=round_)


@pages.post("/withdraw")
@access.signed_in
def confirm_withdrawal(application_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        withdraw_application(uow, application_id, known().person_id)
    flash(_("Your application has been taken back."), "success")
    return redirect(f"/applications/{application_id}", 303)
