"""Cross-site request forgery: a token tied to a `__Host-` cookie, and a check of where a post came from.

The token is the same for all three services, so that a form on one service's page may post to another (sign out).
"""

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import Response, current_app, g, request
from markupsafe import Markup

from shared.config import is_loopback
from shared.errors import Forbidden
from shared.web import cookies
from shared.web.access import Access, rule_of

_SAFE = {"GET", "HEAD", "OPTIONS"}
FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
_REFUSED = "This form could not be checked as yours. Please go back, load the page again and send it once more."


def _derive(browser: str) -> str:
    return hashlib.sha256(f"hearth-csrf:{browser}".encode()).hexdigest()[:40]


def token() -> str:
    """The token for this browser; makes the browser's cookie if it has none."""
    if "browser" not in g:
        g.browser = cookies.read(request, cookies.BROWSER) or secrets.token_urlsafe(24)
    return _derive(g.browser)


def field() -> Markup:
    """A hidden input with the token."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def remember(response: Response) -> Response:
    """After each request: set the browser's cookie if a token was made for it."""
    if "browser" in g and cookies.read(request, cookies.BROWSER) != g.browser:
        cookies.write(response, cookies.BROWSER, g.browser, seconds=365 * 24 * 3600)
    return response


def enforce() -> None:
    """Before each request: refuse a change whose form or header lacks this browser's token."""
    if request.method in _SAFE or request.endpoint is None:
        return
    rule = rule_of(current_app._get_current_object(), request.endpoint) or Access()  # type: ignore[attr-defined]
    if not rule.csrf or g.bearer:
        return
    browser = cookies.read(request, cookies.BROWSER)
    sent = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not browser or not hmac.compare_digest(sent.encode(), _derive(browser).encode()):
        raise Forbidden(_REFUSED, code="csrf")


def enforce_origin() -> None:
    """Before anything else: refuse a change sent by another site's page."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden(_REFUSED, code="csrf")
    # "null" (a browser that will not say) has to show the token like anybody else.
    origin = request.headers.get("Origin")
    if origin and origin != "null" and not _own(origin):
        raise Forbidden(_REFUSED, code="csrf")


def _own(origin: str) -> bool:
    try:
        ours, theirs = urlsplit(current_app.config["PUBLIC_URL"]), urlsplit(origin)
        ports = (ours.port, theirs.port)
    except ValueError:
        return False
    if (theirs.scheme, theirs.netloc.lower()) == (ours.scheme, ours.netloc.lower()):
        return True
    # This machine goes by several names: 127.0.0.1 in one bookmark, localhost in another.
    hosts = (ours.hostname or "", theirs.hostname or "")
    return theirs.scheme == ours.scheme and all(map(is_loopback, hosts)) and ports[0] == ports[1]
