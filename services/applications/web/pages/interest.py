"""The interest list: sign up with an email address, confirm it, leave again; and how many there are, for staff."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.use_cases.keep_interest import confirm_interest, leave_list, register_interest
from services.applications.web.context import language, units
from shared.errors import Gone, Invalid
from shared.web import access
from shared.web.api import cursor_of, read_cursor
from shared.web.i18n import LANGUAGES
from shared.web.i18n import gettext as _
from shared.web.spoken import in_own_words, say

pages = Blueprint("interest", __name__)
PAGE = 100


@pages.get("/interest")
@access.public
def sign_up() -> ResponseReturnValue:
    return _page("", {})


def _page(email: str, errors: dict[str, list[str]]) -> str:
    return render_template("applications/interest/sign_up.html", email=email, errors=errors)


@pages.post("/interest")
@access.public
def register() -> ResponseReturnValue:
    email = request.form.get("email", "")
    try:
        with units().begin() as uow:
            register_interest(uow, email, language=language(), network=request.remote_addr or "")
    except Invalid as error:
        return _page(email, in_own_words(error.problems)), 422
    return redirect("/interest/asked", 303)


@pages.get("/interest/asked")
@access.public
def asked() -> ResponseReturnValue:
    return _said(_("Look at your email"), _("We have sent you a link. Press it, and you are on the list."))


def _said(title: str, text: str) -> str:
    return render_template("applications/interest/said.html", title=title, text=text)


@pages.get("/interest/confirm/<uuid:interest_id>/<token>")
@access.public
def ask_to_confirm(interest_id: UUID, token: str) -> ResponseReturnValue:
    """A button only: programs that scan mail open links, and must not confirm anything."""
    return render_template(
        "applications/interest/press.html",
        title=_("Hear when a round opens"),
        text=_("Press the button, and we will write to you when applications open, pause or open again."),
        action=f"/interest/confirm/{interest_id}/{token}",
        words=_("Yes, write to me"),
    )


@pages.post("/interest/confirm/<uuid:interest_id>/<token>")
@access.public
def confirm(interest_id: UUID, token: str) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            confirm_interest(uow, interest_id, token)
    except Gone as error:
        return _said(_("This link has ended"), say(error.message)), 410
    flash(_("You are on the list. Every message has a link to leave it."), "success")
    return redirect("/", 303)


@pages.get("/interest/leave/<uuid:interest_id>/<token>")
@access.public
def ask_to_leave(interest_id: UUID, token: str) -> ResponseReturnValue:
    return render_template(
        "applications/interest/press.html",
        title=_("Leave the list"),
        text=_("Press the button, and we delete your address from the list and write no more about rounds."),
        action=f"/interest/leave/{interest_id}/{token}",
        words=_("Take me off the list"),
    )


@pages.post("/interest/leave/<uuid:interest_id>/<token>")
@access.public_without_csrf
def leave(interest_id: UUID, token: str) -> ResponseReturnValue:
    """One click (RFC 8058): the mail program posts here without a visit; the token in the address proves it."""
    with units().begin() as uow:
        leave_list(uow, interest_id, token)
    return _said(_("You are off the list"), _("We have deleted your address from it. You can come back at any time."))


@pages.get("/staff/interest")
@access.role("staff", "administrator")
def listed() -> ResponseReturnValue:
    """How many want to hear, and their addresses."""
    keys = read_cursor(request.args.get("cursor"), 1)
    try:
        after = UUID(str(keys[0])) if keys else None
    except ValueError:
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None
    with units().begin(write=False) as uow:
        rows = uow.interests.confirmed(after, PAGE)
        counts, waiting = uow.interests.counts(), uow.interests.waiting()
    further = cursor_of(str(rows[PAGE - 1].id)) if len(rows) > PAGE else None
    return render_template(
        "applications/staff/interest.html",
        rows=rows[:PAGE],
        counts=[(LANGUAGES.get(tag, tag), count) for tag, count in sorted(counts.items())],
        total=sum(counts.values()),
        waiting=waiting,
        names=LANGUAGES,
        next_href=f"/staff/interest?cursor={further}" if further else None,
        first_href="/staff/interest" if after else None,
    )
