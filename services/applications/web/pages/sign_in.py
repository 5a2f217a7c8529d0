"""Sign-in, second factor, renewal of identities, sign-out."""

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from services.applications.domain.people import needs_second_factor
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_session, second_factor, sign_in
from services.applications.web.context import here, units
from shared.errors import Invalid
from shared.web import access, cookies, csrf
from shared.web.i18n import chosen_language
from shared.web.identity import LIFETIME, Identity, current, known, sign
from shared.web.redirects import local_path

pages = Blueprint("sign_in", __name__)
_SECOND = "/sign-in/second-factor"


@pages.get("/sign-in")
@access.public
def start() -> ResponseReturnValue:
    return render_template("applications/sign_in/start.html", errors={}, email="", next=_next())


@pages.post("/sign-in")
@access.public
def send() -> ResponseReturnValue:
    email = request.form.get("email", "")
    try:
        with units().begin() as uow:
            sign_in.request_sign_in(uow, wish(email, next_path=_next()))
    except Invalid as error:
        page = render_template("applications/sign_in/start.html", errors=error.problems, email=email, next=_next())
        return page, 422
    return redirect("/sign-in/code", 303)


def wish(email: str, *, name: str = "", next_path: str = "/account") -> sign_in.SignInWish:
    """A request to sign in, from this browser."""
    csrf.token()
    return sign_in.SignInWish(
        email=email,
        name=name,
        browser=cookies.read(request, cookies.BROWSER) or "",
        network=request.remote_addr or "",
        language=chosen_language() or "en",
        next_path=next_path,
    )


def _next() -> str:
    return local_path(request.values.get("next"), "/account")


@pages.get("/sign-in/code")
@access.public
def code() -> ResponseReturnValue:
    return render_template("applications/sign_in/code.html", errors={})


@pages.post("/sign-in/code")
@access.public
def claim_code() -> ResponseReturnValue:
    browser = cookies.read(request, cookies.BROWSER) or ""
    with units().begin() as uow:
        found = sign_in.claim_code(uow, request.form.get("code", ""), browser)
        answer = _welcome(uow, *found, method="code") if found else None
    if answer is None:
        return render_template("applications/sign_in/code.html", errors=sign_in.wrong_code().problems), 422
    return answer


@pages.get("/sign-in/link/<token>")
@access.public
def link(token: str) -> ResponseReturnValue:
    """A button only: programs that scan mail open links, and must not use them up."""
    return render_template("applications/sign_in/link.html", token=token)


@pages.post("/sign-in/link/<token>")
@access.public
def claim_link(token: str) -> ResponseReturnValue:
    with units().begin() as uow:
        return _welcome(uow, *sign_in.claim_link(uow, token), method="link")


def _welcome(uow: ApplicationsUnitOfWork, person: PersonRow, next_path: str, *, method: str) -> Response:
    token = keep_session.begin_session(uow, person.id, [method])
    identity = keep_session.renew(uow, token)
    asks_more = needs_second_factor(frozenset(person.roles))
    target = f"{_SECOND}?next={next_path}" if asks_more else next_path
    return signed_in(redirect(target, 303), token, identity)


def signed_in(response: Response, token: str, identity: Identity | None) -> Response:
    """Give the browser its session and its first identity."""
    cookies.write(response, cookies.SESSION, token, seconds=int(keep_session.ABSOLUTE.total_seconds()))
    return _with_identity(response, identity)


def _with_identity(response: Response, identity: Identity | None) -> Response:
    if identity is None:
        cookies.clear(response, cookies.IDENTITY)
        return response
    context = here()
    signed = sign(identity, context.config.identity_private_key, context.clock())
    # The cookie outlives the identity in it, so that an expired one is renewed rather than taken for a stranger's.
    lifetime = keep_session.ABSOLUTE.total_seconds() + LIFETIME.total_seconds()
    cookies.write(response, cookies.IDENTITY, signed, seconds=int(lifetime))
    return response


@pages.route("/identity/renew", methods=["GET", "POST"])
@access.public_without_csrf
def renew() -> ResponseReturnValue:
    """A fresh identity for an open session, then back to where the browser was (307 keeps what it was posting)."""
    with units().begin() as uow:
        identity = keep_session.renew(uow, cookies.read(request, cookies.SESSION))
    target = request.args.get("next")
    if target is None:
        return _with_identity(current_app.response_class(status=204 if identity else 401), identity)
    status = 307 if request.method == "POST" else 302
    return _with_identity(redirect(local_path(target), status), identity)


@pages.get(_SECOND)
@access.signed_in
def second() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        confirmed = uow.people.get(known().person_id).totp_confirmed_at is not None
    if not confirmed:
        return redirect(f"{_SECOND}/set-up?next={_next()}")
    return render_template("applications/sign_in/second.html", errors={}, next=_next())


@pages.post(_SECOND)
@access.signed_in
def prove() -> ResponseReturnValue:
    with units().begin() as uow:
        token = second_factor.prove(uow, cookies.read(request, cookies.SESSION), request.form.get("code", ""))
        identity = keep_session.renew(uow, token)
    if token is None:
        errors = {"code": [_("That code is not right. Wait for the next one and try again.")]}
        return render_template("applications/sign_in/second.html", errors=errors, next=_next()), 422
    return signed_in(redirect(_next(), 303), token, identity)


@pages.get(f"{_SECOND}/set-up")
@access.signed_in
def set_up() -> ResponseReturnValue:
    return _set_up_page({})


def _set_up_page(errors: dict[str, list[str]]) -> str:
    with units().begin() as uow:
        secret, picture = second_factor.begin_setup(uow, known().person_id)
    return render_template(
        "applications/sign_in/set_up.html", errors=errors, secret=secret, picture=picture, next=_next()
    )


@pages.post(f"{_SECOND}/set-up")
@access.signed_in
def confirm() -> ResponseReturnValue:
    with units().begin() as uow:
        codes = second_factor.confirm_setup(uow, known().person_id, request.form.get("code", ""))
    if codes is None:
        return _set_up_page({"code": [_("That code is not right. Wait for the next one and try again.")]}), 422
    return render_template("applications/sign_in/recovery.html", codes=codes, next=_next())


@pages.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    with units().begin() as uow:
        keep_session.end_session(uow, cookies.read(request, cookies.SESSION))
    response = redirect("/", 303)
    cookies.clear(response, cookies.SESSION)
    cookies.clear(response, cookies.IDENTITY)
    if current() is not None:
        flash(_("You are signed out."), "success")
    return response
