"""The second step of staff and panels: set up once, then asked for at every sign-in."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.use_cases import keep_session, second_factor
from services.applications.web.context import units
from services.applications.web.pages.sign_in import SECOND_STEP, next_path
from services.applications.web.sessions import signed_in
from shared.web import access, cookies
from shared.web.identity import known

pages = Blueprint("second_step", __name__, url_prefix=SECOND_STEP)
_WRONG = "That code is not right. Wait for the next one and try again."
_SETTING_UP = "setting-up"
"""In this browser's signed cookie: it began the set-up, so it may see the secret. Nobody who comes later may."""


def _onward(path: str) -> str:
    return f"{path}?{urlencode({'next': next_path()})}"


@pages.get("")
@access.signed_in
def ask() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        confirmed = uow.people.get(known().person_id).totp_confirmed_at is not None
    if not confirmed:
        return redirect(_onward(f"{SECOND_STEP}/set-up"))
    return _ask_page({})


def _ask_page(errors: dict[str, list[str]]) -> str:
    return render_template("applications/sign_in/second.html", errors=errors, next=next_path())


@pages.post("")
@access.signed_in
def prove() -> ResponseReturnValue:
    with units().begin() as uow:
        token = second_factor.prove(uow, cookies.read(request, cookies.SESSION), request.form.get("code", ""))
        identity = keep_session.renew(uow, token)
    if token is None:
        return _ask_page({"code": [_(_WRONG)]}), 422
    return signed_in(redirect(next_path(), 303), token, identity)


@pages.get("/set-up")
@access.signed_in
def set_up() -> ResponseReturnValue:
    return _set_up_page({})


def _set_up_page(errors: dict[str, list[str]]) -> str:
    setup = None
    if session.get(_SETTING_UP) == str(known().person_id):
        with units().begin(write=False) as uow:
            setup = second_factor.show_setup(uow, known().person_id)
    return render_template("applications/sign_in/set_up.html", errors=errors, setup=setup, next=next_path())


@pages.post("/set-up/begin")
@access.signed_in
def begin() -> ResponseReturnValue:
    with units().begin() as uow:
        second_factor.begin_setup(uow, known().person_id)
    session[_SETTING_UP] = str(known().person_id)
    return redirect(_onward(f"{SECOND_STEP}/set-up"), 303)


@pages.post("/set-up")
@access.signed_in
def confirm() -> ResponseReturnValue:
    with units().begin() as uow:
        done = second_factor.confirm_setup(uow, cookies.read(request, cookies.SESSION), request.form.get("code", ""))
        identity = keep_session.renew(uow, done.token) if done else None
    if done is None:
        return _set_up_page({"code": [_(_WRONG)]}), 422
    session.pop(_SETTING_UP, None)
    page = render_template("applications/sign_in/recovery.html", codes=done.codes, next=next_path())
    return signed_in(page, done.token, identity)
