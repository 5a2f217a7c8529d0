"""Who may call a view. Every view says so; an application with a view that does not refuses to start."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from shared.errors import Forbidden, NotSignedIn
from shared.web import cookies
from shared.web.identity import current, renewal_address

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "__hearth_access__"
_SAFE = {"GET", "HEAD"}
_RENEWALS = 5
"""How often a browser is sent for a fresh identity within `_RENEWAL_SECONDS`. More means that the fresh one is no good
here (clocks that disagree, keys that do not belong together), and it would be sent round for ever."""
_RENEWAL_SECONDS = 20
_NAMELESS = ("/identity/renew", "/assets/")
"""What is answered the same whoever asks, and need not wait for a fresh identity."""


@dataclass(frozen=True)
class Access:
    """A view's rule. `roles` empty and `signed_in` false means anybody. `csrf` false is for signed requests only."""

    signed_in: bool = False
    roles: frozenset[str] = frozenset()
    csrf: bool = True


def _mark(rule: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, rule)
        return view

    return decorate


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _mark(Access())(view)


def public_without_csrf(view: View) -> View:
    """Anybody, and the request proves itself otherwise (a signed token in it, or it changes nothing)."""
    return _mark(Access(csrf=False))(view)


def signed_in(view: View) -> View:
    """Anybody who is signed in; the view itself checks whose object it is."""
    return _mark(Access(signed_in=True))(view)


def role(*roles: str) -> Callable[[View], View]:
    """Somebody who holds at least one of these roles."""
    return _mark(Access(signed_in=True, roles=frozenset(roles)))


def rule_of(app: Flask, endpoint: str) -> Access | None:
    """The rule of a view, by endpoint."""
    rule: Access | None = getattr(app.view_functions[endpoint], _ATTRIBUTE, None)
    return rule


def mark_endpoint(app: Flask, endpoint: str, rule: Access | None = None) -> None:
    """Give a rule to a view that a library made (its OpenAPI document, static files)."""
    view = app.view_functions[endpoint]

    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return current_app.ensure_sync(view)(*args, **kwargs)  # type: ignore[no-any-return]

    setattr(guarded, _ATTRIBUTE, rule or Access())
    app.view_functions[endpoint] = guarded


def check_every_view(app: Flask) -> None:
    """Raise RuntimeError naming the views without a rule."""
    missing = sorted(endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None)
    if missing:
        raise RuntimeError(f"views without an access rule: {', '.join(missing)}")


def enforce() -> ResponseReturnValue | None:
    """Before each request: let it through, send it to renew its identity or to sign in, or refuse."""
    if request.endpoint is None:
        return None
    rule = rule_of(current_app._get_current_object(), request.endpoint) or Access(signed_in=True)  # type: ignore[attr-defined]
    if g.bearer and current() is None:
        raise NotSignedIn("This token is not valid, or not any more.", code="invalid-token")
    if g.identity_expired and not request.path.startswith(_NAMELESS):
        return _renew()
    if not rule.signed_in:
        return None
    return _require(rule)


def is_api() -> bool:
    """Whether the request is for a JSON API (`/<service>/api/...`) rather than a page."""
    return request.path.split("/")[2:3] == ["api"]


def _renew() -> Response:
    text = cookies.read(request, cookies.RENEWALS) or ""
    tries = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    if tries >= _RENEWALS:
        log.error("an identity is expired however often it is renewed: do the clocks of the services agree?")
        raise NotSignedIn("Your sign-in could not be renewed. Please try again in a minute.", code="not-renewed")
    # 307 keeps the method and the body: what was being posted is not lost.
    response = current_app.make_response(redirect(renewal_address(), 302 if request.method in _SAFE else 307))
    cookies.write(response, cookies.RENEWALS, str(tries + 1), seconds=_RENEWAL_SECONDS)
    return response


def settle(response: Response) -> Response:
    """After each request: forget how often the identity was renewed, once it is good."""
    if g.get("identity") is not None and cookies.read(request, cookies.RENEWALS):
        cookies.clear(response, cookies.RENEWALS)
    return response


def _require(rule: Access) -> ResponseReturnValue | None:
    identity = current()
    if identity is None:
        if is_api() or request.method not in _SAFE:
            raise NotSignedIn("Please sign in first.")
        return redirect(f"/sign-in?next={quote(request.full_path.rstrip('?'), safe='/')}")
    if rule.roles and not identity.has(*rule.roles):
        raise Forbidden("Your account does not have access to this page.")
    return None
