"""Sign-in by link or code, sign-out."""

from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from services.applications.domain.people import needs_second_factor
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_session, sign_in
from services.applications.web.context import language, units
from services.applications.web.sessions import forget, signed_in
from shared.errors import Gone, Invalid
from shared.web import access, cookies, csrf
from shared.web.identity import current
from shared.web.redirects import local_path
from shared.web.spoken import in_own_words, say

pages = Blueprint("sign_in", __name__)
SECOND_STEP = "/sign-in/second-factor"
_LONGEST_PATH = 500


@pages.get("/sign-in")
@access.public
def start() -> ResponseReturnValue:
    return _start_page("", {})


def _start_page(email: str, errors: dict[str, list[str]]) -> str:
    return render_template("applications/sign_in/start.html", errors=errors, email=email, next=next_path())


@pages.post("/sign-in")
@access.public
def send() -> ResponseReturnValue:
    email = request.form.get("email", "")
    try:
        with units().begin() as uow:
            sign_in.request_sign_in(uow, wish(email, next_path=next_path()))
    except Invalid as error:
        return _start_page(email, in_own_words(error.problems)), 422
    return redirect("/sign-in/code", 303)


def wish(email: str, *, name: str = "", next_path: str = "/account") -> sign_in.SignInWish:
    """A request to sign in, from this browser."""
    csrf.token()
    return sign_in.SignInWish(
        email=email,
        name=name,
        browser=g.browser,
        network=request.remote_addr or "",
        language=language(),
        next_path=next_path,
    )


def next_path(default: str = "/account") -> str:
    """Where to go on to: a path of this site, or the default."""
    path = local_path(request.values.get("next"), default)
    return path if len(path) <= _LONGEST_PATH else default


@pages.get("/sign-in/code")
@access.public
def code() -> ResponseReturnValue:
    return render_template("applications/sign_in/code.html", errors={})


@pages.post("/sign-in/code")
@access.public
def claim_code() -> ResponseReturnValue:
    browser = cookies.read(request, cookies.BROWSER) or ""
    try:
        with units().begin() as uow:
            found = sign_in.claim_code(uow, request.form.get("code", ""), browser)
            answer = _welcome(uow, *found, method="code") if found else None
    except Gone as error:
        return _ended_page(error)
    if answer is None:
        return render_template(
            "applications/sign_in/code.html", errors=in_own_words(sign_in.wrong_code().problems)
        ), 422
    return answer


@pages.get("/sign-in/link/<token>")
@access.public
def link(token: str) -> ResponseReturnValue:
    """A button only: programs that scan mail open links, and must not use them up."""
    return render_template("applications/sign_in/link.html", token=token)


@pages.post("/sign-in/link/<token>")
@access.public
def claim_link(token: str) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            return _welcome(uow, *sign_in.claim_link(uow, token), method="link")
    except Gone as error:
        return _ended_page(error)


def _ended_page(error: Gone) -> ResponseReturnValue:
    return render_template("applications/sign_in/ended.html", detail=say(error.message)), 410


def _welcome(uow: ApplicationsUnitOfWork, person: PersonRow, path: str, *, method: str) -> Response:
    # The session that this browser had ends with the new one's beginning, whosever it was.
    keep_session.end_session(uow, cookies.read(request, cookies.SESSION))
    token = keep_session.begin_session(uow, person.id, [method])
    identity = keep_session.renew(uow, token)
    asks_more = needs_second_factor(frozenset(person.roles))
    target = f"{SECOND_STEP}?{urlencode({'next': path})}" if asks_more else path
    return signed_in(redirect(target, 303), token, identity)


@pages.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    with units().begin() as uow:
        keep_session.end_session(uow, cookies.read(request, cookies.SESSION))
    if current() is not None:
        flash(_("You are signed out."), "success")
    return forget(redirect("/", 303))
