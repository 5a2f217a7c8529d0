"""The one table from kinds of error to HTTP status, answered as problem+json (RFC 9457) or as a page."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from markupsafe import escape
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from shared.errors import (
    Conflict,
    Forbidden,
    Gone,
    HearthError,
    Invalid,
    NotFound,
    NotSignedIn,
    NotYet,
    PreconditionRequired,
    Stale,
    TooMany,
    Unavailable,
)
from shared.messaging.outage import is_outage
from shared.tracing import current_trace
from shared.web.access import is_api
from shared.web.identity import current
from shared.web.spoken import in_own_words, say

log = logging.getLogger(__name__)

STATUS: dict[type[HearthError], int] = {
    Invalid: 422,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    Stale: 412,
    Conflict: 409,
    Gone: 410,
    TooMany: 429,
    NotYet: 503,
    Unavailable: 503,
    PreconditionRequired: 428,
    HearthError: 400,
}

_TITLES = {
    400: "This request could not be understood",
    401: "Please sign in",
    403: "You cannot open this",
    404: "This page is not here",
    405: "This page does not take that request",
    409: "Something has changed",
    410: "This has ended",
    412: "Somebody else changed this first",
    413: "That is too large",
    422: "Some of what was sent needs changing",
    428: "Please say which version you are changing",
    429: "Please wait a little",
    500: "Something went wrong on our side",
    503: "Not ready yet",
}
_BUSY = "The site is busy or being looked after. Nothing that you saved is lost. Please try again in a minute."
_UNSTORABLE = "Something in what was sent is too large or cannot be kept. Please check it and try again."
_UNEXPECTED = "Nothing that you saved is lost. Please try again in a minute."
_PLAIN = {
    404: "The address may be mistyped, or the page may have moved.",
    413: "What you sent is larger than this page can take.",
    422: "Some of what was sent needs changing.",
}


def status_of(error: HearthError) -> int:
    """The HTTP status of an error, by the closest class in the table."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem+json answer."""
    document = {
        "type": f"urn:hearth:problem:{code}",
        "title": _TITLES.get(status, "This did not work"),
        "status": status,
        "detail": detail,
        **more,
    }
    response = jsonify(document)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _answer(status: int, code: str, detail: str, problems: dict[str, list[str]] | None = None) -> Response:
    if is_api():
        return problem(status, code, detail, **({"errors": problems} if problems else {}))
    heading = _TITLES.get(status, "This did not work")
    try:
        page = render_template(
            "hearth/error.html",
            status=status,
            heading=say(heading),
            detail=say(detail),
            problems=in_own_words(problems or {}),
            resend=_resend() if status == 401 else None,
            reference=current_trace.get().correlation_id if status >= 500 else None,
        )
    except Exception as error:
        # The layout itself may be what is broken: an error page must not need it.
        log.exception("the error page could not be made", exc_info=error)
        page = f"<!DOCTYPE html><title>{escape(heading)}</title><h1>{escape(heading)}</h1><p>{escape(detail)}</p>"
    return make_response(page, status)


def _resend() -> dict[str, Any] | None:
    """What was posted by somebody whose sign-in has ended, so that the page can offer it again: nothing is lost."""
    try:
        fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    except HTTPException:  # too large to be read, and so to be offered again
        return None
    return {"action": request.full_path.rstrip("?"), "fields": fields} if fields else None


def _known(error: HearthError) -> Response:
    response = _answer(
        status_of(error), error.code, error.message, error.problems if isinstance(error, Invalid) else None
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, NotSignedIn) and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Forbidden | NotSignedIn):
        _tell_of_denial(error)
    return response


def _tell_of_denial(error: HearthError) -> None:
    who, rule = current(), request.url_rule
    person = {"person_id": str(who.person_id)} if who else {}
    log.warning("denied", extra={"reason": error.code, "method": request.method, "route": str(rule), **person})


def from_http(error: HTTPException) -> Response:
    """Errors raised by Flask, werkzeug and webargs."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    problems = _webargs_problems(error)
    detail = _PLAIN.get(status) or error.description or "Please check the address and try again."
    code = "invalid" if problems else error.name.lower().replace(" ", "-")
    answer = _answer(status, code, detail, problems)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _webargs_problems(error: HTTPException) -> dict[str, list[str]] | None:
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not messages:
        return None
    flat: dict[str, list[str]] = {}
    for part in messages.values():
        _flatten("", part, flat)
    return flat


def _flatten(path: str, value: Any, into: dict[str, list[str]]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{path}.{key}" if path else str(key), inner, into)
    else:
        into.setdefault(path or "body", []).extend(map(str, value if isinstance(value, list) else [value]))


def _unexpected(error: Exception) -> Response:
    if isinstance(error, DataError):
        # A value that a column cannot hold: what was sent is wrong, and the database said so before the view did.
        log.warning("a value did not fit the database", exc_info=error)
        return _answer(400, "unstorable", _UNSTORABLE)
    if is_outage(error):
        log.error("the database is away or busy", exc_info=error)
        response = _answer(503, "busy", _BUSY)
        response.headers["Retry-After"] = "30"
        return response
    log.exception("unexpected error", exc_info=error)
    return _answer(500, "unexpected", _UNEXPECTED)


def register(app: Flask) -> None:
    """Answer every kind of error of this application."""
    app.register_error_handler(HearthError, _known)
    app.register_error_handler(HTTPException, from_http)
    app.register_error_handler(Exception, _unexpected)
