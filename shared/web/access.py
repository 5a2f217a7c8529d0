"""Who may call a view. Every view says so; an application with a view that does not refuses to start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from shared.errors import Forbidden, NotSignedIn
from shared.web.identity import current, renewal_address

View = TypeVar("View", bound=Callable[..., Any])
_ATTRIBUTE = "__hearth_access__"


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
    if g.identity_expired and not g.bearer and request.path != "/identity/renew":
        # 307 keeps the method and the body: what was being posted is not lost.
        return redirect(renewal_address(), 302 if request.method in {"GET", "HEAD"} else 307)
    if not rule.signed_in:
        return None
    return _require(rule)


def _require(rule: Access) -> ResponseReturnValue | None:
    identity = current()
    if identity is None:
        if "/api/" in request.path or request.method not in {"GET", "HEAD"}:
            raise NotSignedIn("Please sign in first.")
        return redirect(f"/sign-in?next={quote(request.full_path.rstrip('?'), safe='/')}")
    if rule.roles and not identity.has(*rule.roles):
        raise Forbidden("Your account does not have access to this page.")
    return None
