"""Renewal: every service sends a browser whose identity has expired here, and gets it back with a fresh one."""

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from services.applications.use_cases import keep_session
from services.applications.web.context import units
from services.applications.web.sessions import with_identity
from shared.web import access, cookies
from shared.web.redirects import local_path

pages = Blueprint("identity", __name__)


@pages.route("/identity/renew", methods=["GET", "POST"])
@access.public_without_csrf
def renew() -> ResponseReturnValue:
    """A fresh identity for an open session, then back to where the browser was (307 keeps what it was posting)."""
    with units().begin() as uow:
        identity = keep_session.renew(uow, cookies.read(request, cookies.SESSION))
    target = request.args.get("next")
    if target is None:
        return with_identity(current_app.response_class(status=204 if identity else 401), identity)
    status = 307 if request.method == "POST" else 302
    return with_identity(redirect(local_path(target), status), identity)
