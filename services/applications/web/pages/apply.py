"""The way in: the check first, then who you are, then the draft is begun."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.domain.forms import Form, check_eligibility, merge_answers, parse_answers
from services.applications.storage.tables import ApplicationRow, RoundRow
from services.applications.use_cases import sign_in
from services.applications.use_cases.start_application import may_begin_again, start_application
from services.applications.web.context import language, units
from services.applications.web.pages.sign_in import wish
from services.applications.web.round_view import RoundView, personal_view, public_round, view_of
from shared.errors import Invalid
from shared.web import access
from shared.web.identity import current
from shared.web.spoken import in_own_words

pages = Blueprint("apply", __name__, url_prefix="/apply/<slug>")


def _round(slug: str) -> tuple[RoundRow, Form, ApplicationRow | None]:
    """The round, its form, and the reader's own application to it, if begun."""
    who = current()
    with units().begin(write=False) as uow:
        row = public_round(uow, slug)
        own = uow.applications.of(row.id, who.person_id) if who else None
        return row, uow.rounds.form(row.id, row.form_version), own


def _view(row: RoundRow) -> RoundView:
    """The round as it is for the reader, who may have more time than others."""
    who = current()
    with units().begin(write=False) as uow:
        return personal_view(uow, row, who.person_id) if who else view_of(row, uow.now)


def _elsewhere(row: RoundRow, own: ApplicationRow | None) -> ResponseReturnValue | None:
    """Somebody who has begun goes to what they began; nobody fills in a check for a round that is not open."""
    if own is not None and not may_begin_again(own):
        return redirect(f"/applications/{own.id}", 303)
    if _view(row).stage != "open":
        return redirect(f"/rounds/{row.slug}", 303)
    return None


def _checked(slug: str) -> dict[str, Any]:
    """The eligibility answers of this browser: three words in a signed cookie, until the draft holds them."""
    found = session.get(f"eligible:{slug}")
    return dict(found) if isinstance(found, dict) else {}


@pages.get("")
@access.public
def eligibility(slug: str) -> ResponseReturnValue:
    row, form, own = _round(slug)
    if elsewhere := _elsewhere(row, own):
        return elsewhere
    if form.eligibility is None:
        return redirect(f"/apply/{slug}/begin")
    return _eligibility_page(row, form, _checked(slug), {})


def _eligibility_page(row: RoundRow, form: Form, answers: dict[str, Any], errors: dict[str, list[str]]) -> str:
    assert form.eligibility is not None  # noqa: S101 - both callers looked
    return render_template(
        "applications/apply/eligibility.html",
        round=_view(row),
        section=form.eligibility.section,
        questions=form.eligibility.section.questions,
        values=answers,
        errors=in_own_words(errors),
    )


@pages.post("")
@access.public
def check(slug: str) -> ResponseReturnValue:
    row, form, own = _round(slug)
    if elsewhere := _elsewhere(row, own):
        return elsewhere
    if form.eligibility is None:
        return redirect(f"/apply/{slug}/begin", 303)
    answers, problems = parse_answers(form, "eligibility", request.form, strict=True, language=language())
    if problems:
        return _eligibility_page(row, form, answers, problems), 422
    refusals = check_eligibility(form, answers).refusals
    if refusals:
        session.pop(f"eligible:{slug}", None)
        view = _view(row)
        return render_template("applications/apply/not_eligible.html", round=view, refusals=refusals)
    session[f"eligible:{slug}"] = merge_answers({}, answers)
    return redirect(f"/apply/{slug}/begin", 303)


@pages.get("/begin")
@access.public
def begin(slug: str) -> ResponseReturnValue:
    row, form, own = _round(slug)
    if elsewhere := _elsewhere(row, own):
        return elsewhere
    if form.eligibility is not None and not _checked(slug):
        return redirect(f"/apply/{slug}")
    return _begin_page(row, {})


def _begin_page(row: RoundRow, errors: dict[str, list[str]]) -> str:
    return render_template(
        "applications/apply/begin.html",
        round=_view(row),
        errors=in_own_words(errors),
        values=request.form,
    )


@pages.post("/begin")
@access.public
def start(slug: str) -> ResponseReturnValue:
    """Signed in: begin the draft. Not yet: send a code first, and come back here."""
    who = current()
    if who is None:
        return _send_code(slug)
    try:
        with units().begin() as uow:
            row = start_application(uow, slug, who.person_id, language=language(), eligibility=_checked(slug))
    except Invalid:
        # This browser holds no answers of the check, or they no longer let somebody in: ask again.
        return redirect(f"/apply/{slug}", 303)
    session.pop(f"eligible:{slug}", None)
    # Renewed, since beginning a first application makes somebody an applicant.
    return redirect(f"/identity/renew?next=/applications/{row.id}", 303)


def _send_code(slug: str) -> ResponseReturnValue:
    row, _form, _own = _round(slug)
    name, email = request.form.get("name", ""), request.form.get("email", "")
    missing = {} if name.strip() else {"name": [_("Tell us what to call you.")]}
    try:
        with units().begin() as uow:
            sign_in.request_sign_in(uow, wish(email, name=name, next_path=f"/apply/{slug}/begin"))
            if missing:
                raise Invalid(missing)
    except Invalid as error:
        return _begin_page(row, {**missing, **error.problems}), 422
    return redirect("/sign-in/code", 303)
