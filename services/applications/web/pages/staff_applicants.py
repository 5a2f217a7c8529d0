"""Staff, about one applicant: more time, files, an application that came on paper, a receipt to print."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Form
from services.applications.storage.tables import RoundRow
from services.applications.use_cases import add_file
from services.applications.use_cases.enter_paper import CHANNELS, Paper, enter_paper
from services.applications.use_cases.extend_deadline import MoreTime, extend_for_address
from services.applications.web.attachments import attachment
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from shared.contracts.applications import NO_ADDRESS
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import LANGUAGES
from shared.web.identity import known
from shared.web.spoken import in_own_words

pages = Blueprint("staff_applicants", __name__, url_prefix="/staff")
CHANNEL_NAMES = {"post": "By post", "by_hand": "By hand", "telephone": "By telephone", "email": "By email"}
assert set(CHANNEL_NAMES) == set(CHANNELS)  # noqa: S101 - a channel without a name could not be chosen


@pages.get("/files/<uuid:upload_id>")
@access.role("staff", "administrator")
def file(upload_id: UUID) -> Response:
    with units().begin(write=False) as uow:
        return attachment(*add_file.open_file_for_staff(uow, upload_id))


@pages.get("/rounds/<uuid:round_id>/more-time")
@access.role("staff", "administrator")
def more_time(round_id: UUID) -> ResponseReturnValue:
    return _more_time_page(round_id, {"email": request.args.get("email", "")}, {})


def _more_time_page(round_id: UUID, values: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        round_, given = uow.rounds.get(round_id), uow.extensions.of_round(round_id)
        staff = uow.people.many(list({extension.given_by for extension, _ in given}))
    return render_template(
        "applications/staff/more_time.html",
        round=view_of(round_, here().clock()),
        given=given,
        staff=staff,
        values={"zone": round_.zone, **values},
        errors=errors,
    )


@pages.post("/rounds/<uuid:round_id>/more-time")
@access.role("staff", "administrator")
def give_more_time(round_id: UUID) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("email", "until", "zone", "reason")}
    more = MoreTime(typed["until"], typed["zone"], typed["reason"])
    try:
        with units().begin() as uow:
            extend_for_address(uow, round_id, typed["email"], more, known().person_id)
    except Invalid as error:
        return _more_time_page(round_id, typed, in_own_words(error.problems)), 422
    except Conflict as error:
        return _more_time_page(round_id, typed, {"email": [error.message]}), 409
    flash("They have more time, and we write to tell them.", "success")
    return redirect(request.path, 303)


@pages.get("/rounds/<uuid:round_id>/paper")
@access.role("staff", "administrator")
def paper(round_id: UUID) -> ResponseReturnValue:
    """Begin to type in an application that came on paper or by telephone."""
    return _paper_page(round_id, {})


def _paper_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        round_ = uow.rounds.get(round_id)
        form = uow.rounds.form(round_id, round_.form_version)
    return render_template(
        "applications/staff/paper.html",
        round=view_of(round_, here().clock()),
        questions=form.eligibility.section.questions if form.eligibility else (),
        channels=[{"value": value, "text": text} for value, text in CHANNEL_NAMES.items()],
        all_languages=list(LANGUAGES.items()),
        values={"language": "en", **request.form.to_dict()},
        errors=errors,
    )


@pages.post("/rounds/<uuid:round_id>/paper")
@access.role("staff", "administrator")
def begin_paper(round_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            round_ = uow.rounds.get(round_id)
            form = uow.rounds.form(round_id, round_.form_version)
            row = enter_paper(uow, round_id, _paper(round_, form), known().person_id)
    except Invalid as error:
        return _paper_page(round_id, in_own_words(error.problems)), 422
    except Conflict as error:
        return _paper_page(round_id, {"name": [error.message]}), 409
    return redirect(f"/applications/{row.id}", 303)


def _paper(_round: RoundRow, form: Form) -> Paper:
    typed = request.form
    asked = form.eligibility.section.questions if form.eligibility else ()
    checked: dict[str, Any] = {each.id: typed.getlist(each.id) for each in asked if each.id in typed}
    return Paper(
        name=typed.get("name", ""),
        email=typed.get("email", ""),
        channel=typed.get("channel", ""),
        received=typed.get("received", ""),
        language=typed.get("language", "en") if typed.get("language") in LANGUAGES else "en",
        note=typed.get("note", ""),
        eligibility=checked,
    )


@pages.get("/applications/<uuid:application_id>/receipt")
@access.role("staff", "administrator")
def receipt(application_id: UUID) -> ResponseReturnValue:
    """The receipt of an application, to print and post to somebody without an email address."""
    with units().begin(write=False) as uow:
        row = uow.applications.get(application_id)
        round_, person = uow.rounds.get(row.round_id), uow.people.get(row.person_id)
        entry = uow.helping.entry(row.id)
    if row.state != "submitted":
        raise Conflict("This application was not sent, so there is no receipt for it.")
    return render_template(
        "applications/staff/receipt.html",
        row=row,
        round=view_of(round_, here().clock()),
        person=person,
        entry=entry,
        no_address=person.email.endswith(NO_ADDRESS),
    )
