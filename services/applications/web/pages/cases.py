"""Asking for a decision to be looked at again, or complaining; following it; what is published of all of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain import cases as rules
from services.applications.domain.rounds import MINUTE
from services.applications.use_cases.open_case import CaseWish, can_ask_review, open_case, own_case, withdraw_case
from services.applications.web.context import here, language, units
from services.applications.web.round_view import public_round, view_of
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.spoken import in_own_words, say

pages = Blueprint("cases", __name__)


@pages.get("/rounds/<slug>/ask")
@access.signed_in
def ask(slug: str) -> ResponseReturnValue:
    kind = request.args.get("kind", rules.REVIEW)
    return _ask_page(slug, {"kind": kind if kind in rules.GROUNDS else rules.REVIEW}, {})


def _ask_page(slug: str, typed: dict[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        round_ = public_round(uow, slug)
        application = uow.applications.of(round_.id, known().person_id)
        late = bool(application and application.state == "submitted" and not can_ask_review(uow, application, round_))
    kind = typed.get("kind", rules.REVIEW)
    grounds = [(key, say(text)) for key, text in rules.GROUNDS.get(kind, {}).items()]
    view = view_of(round_, here().clock())
    return render_template(
        "applications/cases/ask.html", round=view, typed=typed, errors=errors, kind=kind, grounds=grounds, late=late
    )


@pages.post("/rounds/<slug>/ask")
@access.signed_in
def send(slug: str) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("kind", "ground", "text", "wish")}
    try:
        with units().begin() as uow:
            round_ = public_round(uow, slug)
            row = open_case(uow, known().person_id, _wish(round_.id, typed))
    except Invalid as error:
        return _ask_page(slug, typed, in_own_words(error.problems)), 422
    except Conflict as error:
        return _ask_page(slug, typed, {"": [say(error.message)]}), 409
    flash(_("We have it. We write to you with the reference."), "success")
    return redirect(f"/cases/{row.id}", 303)


def _wish(round_id: UUID, typed: dict[str, str]) -> CaseWish:
    return CaseWish(round_id, typed["kind"], typed["ground"], typed["text"], typed["wish"], language=language())


@pages.get("/cases")
@access.signed_in
def mine() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows = [(row, uow.rounds.get(row.round_id)) for row in uow.cases.of_person(known().person_id)]
    shown = [(row, view_of(round_, here().clock())) for row, round_ in rows]
    return render_template("applications/cases/mine.html", rows=shown)


@pages.get("/cases/<uuid:case_id>")
@access.signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    now = here().clock()
    with units().begin(write=False) as uow:
        row = own_case(uow, case_id, known().person_id)
        round_ = uow.rounds.get(row.round_id)
        holidays = uow.cases.settings().holidays
    return render_template(
        "applications/cases/show.html",
        row=row,
        round=view_of(round_, now),
        ground=say(rules.GROUNDS[row.kind].get(row.ground, "")),
        left=rules.working_days_left(now, row.respond_by, round_.zone, holidays),
        waiting=row.state in rules.WAITING,
        by=row.respond_by - MINUTE,
    )


@pages.post("/cases/<uuid:case_id>/withdraw")
@access.signed_in
def withdraw(case_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        withdraw_case(uow, case_id, known().person_id)
    flash(_("You have taken it back."), "success")
    return redirect(f"/cases/{case_id}", 303)


@pages.get("/rounds/<slug>/reviews-and-complaints")
@access.public
def counts(slug: str) -> ResponseReturnValue:
    """How many there were and how they ended; small numbers are not shown."""
    with units().begin(write=False) as uow:
        round_ = public_round(uow, slug)
        found = uow.cases.outcomes(round_.id)
        settings = uow.cases.settings()
    rows = [{"kind": kind, **counted(found.get(kind, {}))} for kind in (rules.REVIEW, rules.COMPLAINT)]
    view = view_of(round_, here().clock())
    return render_template("applications/cases/counts.html", round=view, rows=rows, settings=settings)


def counted(found: dict[str, int]) -> dict[str, int | None]:
    """Every outcome's number as it may be published."""
    whole = {name: found.get(name, 0) for name in (*rules.OUTCOMES, rules.WITHDRAWN, "open")}
    return rules.published(whole)
