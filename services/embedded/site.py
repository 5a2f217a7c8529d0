"""One address for three services: requests go by the first part of their path, answers go out compressed."""

import gzip
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

from services.embedded.assembly import Assembly

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_SMALLEST = 600
_KINDS = ("text/html", "application/json", "application/problem+json")


def site(assembly: Assembly) -> Wsgi:
    """The WSGI application of the whole."""
    return compressed(
        by_first_part(
            assembly.applications.web,
            {
                "cohorts": assembly.cohorts.web,
                "notifications": assembly.notifications.web,
                "outbox": assembly.notifications.web,
            },
        )
    )


def by_first_part(default: Wsgi, others: dict[str, Wsgi]) -> Wsgi:
    """Send a request to one of `others` by the first part of its path. Paths stay whole."""

    def route(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        first = str(environ.get("PATH_INFO", "")).lstrip("/").partition("/")[0]
        return others.get(first, default)(environ, start_response)

    return route


def compressed(app: Wsgi) -> Wsgi:
    """Compress pages and JSON for browsers that take it. Static files bring their own."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return app(environ, start_response)
        response = Response.from_app(app, environ, buffered=True)
        body = response.get_data()
        if len(body) >= _SMALLEST and response.mimetype in _KINDS and "Content-Encoding" not in response.headers:
            response.set_data(gzip.compress(body, 5))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.add("Vary", "Accept-Encoding")
        return response(environ, start_response)

    return answer
