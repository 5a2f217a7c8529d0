"""A person's own data: a copy of it, another address, and erasure."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.data_kinds import HOLDS
from services.applications.use_cases import change_email, copy_data, erase_person, sign_in
from services.applications.web.certificates import certificate_page
from services.applications.web.context import here, language, units
from services.applications.web.data_files import download
from services.applications.web.pages.sign_in import next_path, wish
from services.applications.web.recent import prove_first
from services.applications.web.sessions import forget
from shared.errors import Conflict, Gone, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.spoken import in_own_words, say

pages = Blueprint("their_data", __name__)
DATA, ERASE, EMAIL = "/account/data", "/account/data/erase", "/account/email"


@pages.get("/account/data")
@access.signed_in
def overview() -> ResponseReturnValue:
    who = known().person_id
    with units().begin(write=False) as uow:
        return render_template(
            "applications/account/data.html",
            person=uow.people.get(who),
            copies=uow.data_requests.of_person(who)[:5],
            erasure=uow.erasures.newest_of(who),
            holds=HOLDS,
            sent=[(row, round_) for row, round_ in uow.applications.of_person(who) if row.state == "submitted"],
        )


@pages.post("/account/data/copy")
@access.signed_in
def ask_copy() -> ResponseReturnValue:
    if answer := prove_first(DATA):
        return answer
    with units().begin() as uow:
        copy_data.request_copy(uow, known().person_id, language=language())
    flash(
        _("We are gathering your data. It takes some minutes at most, and we write to you when it is there."), "success"
    )
    return redirect(DATA, 303)


@pages.post("/account/data/copy/<uuid:request_id>")
@access.signed_in
def fetch_copy(request_id: UUID) -> ResponseReturnValue:
    if answer := prove_first(DATA):
        return answer
    with units().begin() as uow:
        copy = copy_data.open_copy(uow, request_id, owner=known().person_id)
        return download(copy, here().clock())


@pages.get("/account/confirm")
@access.signed_in
def confirm() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        email = uow.people.get(known().person_id).email
    return render_template("applications/account/confirm.html", email=email, next=next_path())


@pages.post("/account/confirm")
@access.signed_in
def send_code() -> ResponseReturnValue:
    with units().begin() as uow:
        erase_person.refuse_erased(uow, known().person_id)
        email = uow.people.get(known().person_id).email
        sign_in.request_sign_in(uow, wish(email, next_path=next_path()))
    return redirect("/sign-in/code", 303)


@pages.get("/account/data/erase")
@access.signed_in
def erase() -> ResponseReturnValue:
    return prove_first(ERASE) or _erase_page({})


def _erase_page(errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        person = uow.people.get(known().person_id)
        running = uow.erasures.under_way(person.id)
    return render_template("applications/account/erase.html", person=person, errors=errors, erasure=running)


@pages.post("/account/data/erase")
@access.signed_in
def confirm_erasure() -> ResponseReturnValue:
    if answer := prove_first(ERASE):
        return answer
    if request.form.get("sure") != "yes":
        return _erase_page({"sure": [_("Tick the box if you are sure.")]}), 422
    with units().begin() as uow:
        row = erase_person.request_erasure(uow, known().person_id, language=language())
        path = erase_person.certificate_path(uow, row)
    if row.state == erase_person.HELD:
        return redirect(DATA, 303)
    # There is no account any more: the page of the certificate needs none.
    return forget(redirect(path, 303))


@pages.post("/account/data/erase/stop")
@access.signed_in
def stop_erasure() -> ResponseReturnValue:
    with units().begin() as uow:
        erase_person.cancel(uow, known().person_id)
    flash(_("Nothing will be erased."), "success")
    return redirect(DATA, 303)


@pages.get("/erasure/<uuid:erasure_id>/<token>")
@access.public
def certificate(erasure_id: UUID, token: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        return certificate_page(erase_person.open_certificate(uow, erasure_id, token))


@pages.get("/account/email")
@access.signed_in
def email() -> ResponseReturnValue:
    return prove_first(EMAIL) or _email_page("", {})


def _email_page(typed: str, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        person = uow.people.get(known().person_id)
    return render_template("applications/account/email.html", person=person, typed=typed, errors=errors)


@pages.post("/account/email")
@access.signed_in
def ask_email() -> ResponseReturnValue:
    if answer := prove_first(EMAIL):
        return answer
    typed = request.form.get("email", "")
    try:
        with units().begin() as uow:
            change_email.request_change(uow, known().person_id, typed)
    except Invalid as error:
        return _email_page(typed, in_own_words(error.problems)), 422
    flash(_("We have written to the new address. Open the link in that email to finish."), "success")
    return redirect("/account", 303)


@pages.get("/account/email/confirm/<token>")
@access.signed_in
def email_link(token: str) -> ResponseReturnValue:
    """A button only: programs that scan mail open links, and must not use them up."""
    return render_template("applications/account/email_confirm.html", token=token, problem="")


@pages.post("/account/email/confirm/<token>")
@access.signed_in
def take_email(token: str) -> ResponseReturnValue:
    who = known()
    try:
        with units().begin() as uow:
            change_email.confirm_change(uow, who.person_id, token, session_id=_uuid(who.session_id))
    except (Gone, Conflict) as error:
        page = render_template("applications/account/email_confirm.html", token=token, problem=say(error.message))
        return page, 410 if isinstance(error, Gone) else 409
    flash(_("We write to your new address from now on."), "success")
    return redirect("/account", 303)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
