"""Is the process alive, is it ready for visitors, and its figures for Prometheus."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from shared.web import access

Readiness = Callable[[], Mapping[str, str | None]]
"""What was checked -> what is wrong with it, or None."""


def blueprint(prefix: str, readiness: Readiness, metrics: Callable[[], tuple[bytes, str]]) -> Blueprint:
    """`<prefix>/health/live`, `<prefix>/health/ready` and `<prefix>/metrics`."""
    pages = Blueprint(f"health{prefix.replace('/', '_')}", __name__, url_prefix=prefix or None)

    @pages.get("/health/live")
    @access.public
    def live() -> Response:
        return jsonify(status="ok")

    @pages.get("/health/ready")
    @access.public
    def ready() -> tuple[Response, int]:
        checks = dict(readiness())
        good = all(problem is None for problem in checks.values())
        named = {name: problem or "ok" for name, problem in checks.items()}
        return jsonify(status="ok" if good else "not ready", checks=named), 200 if good else 503

    @pages.get("/metrics")
    @access.public
    def figures() -> Response:
        content, kind = metrics()
        return Response(content, content_type=kind)

    return pages
