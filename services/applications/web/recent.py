"""What only somebody may do who has proved a moment ago who they are."""

from urllib.parse import urlencode

from flask import redirect
from werkzeug.wrappers import Response

from services.applications.use_cases import keep_session
from services.applications.web.context import units
from shared.errors import Forbidden
from shared.web.identity import known


def is_recent() -> bool:
    """Whether the reader signed in within the last quarter of an hour."""
    with units().begin(write=False) as uow:
        return keep_session.is_recent(uow, known())


def prove_first(path: str) -> Response | None:
    """Where a page sends somebody whose sign-in is older; they come back to `path`."""
    return None if is_recent() else redirect(f"/account/confirm?{urlencode({'next': path})}", 303)


def require_recent() -> None:
    """The same for programs: raises Forbidden."""
    if not is_recent():
        raise Forbidden(
            "Please sign in again first: this needs a sign-in of the last 15 minutes.", code="sign-in-again"
        )
