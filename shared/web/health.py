"""Is the process alive, is it ready for visitors, and its figures for Prometheus."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from shared import probes
from shared.service import Service
from shared.web import access

EXTENSION = "hearth.service"


def blueprint(prefix: str) -> Blueprint:
    """`<prefix>/health/live`, `<prefix>/health/ready` and `<prefix>/metrics`."""
    pages = Blueprint(f"health_{prefix.strip('/')}", __name__, url_prefix=prefix)
    pages.add_url_rule("/health/live", view_func=_live)
    pages.add_url_rule("/health/ready", view_func=_ready)
    pages.add_url_rule("/metrics", view_func=_figures)
    return pages


def _service() -> Service[Any]:
    service: Service[Any] = current_app.extensions[EXTENSION]
    return service


@access.public
def _live() -> Response:
    return jsonify(status="ok")


@access.public
def _ready() -> tuple[Response, int]:
    """503 when a visitor could not be served; what is merely late shows as degraded."""
    service = _service()
    found = probes.of_web(service.units.engine, service.migrations, service.clock)
    return jsonify(found.document()), 200 if found.ready else 503


@access.public
def _figures() -> Response:
    content, kind = _service().metrics.render()
    return Response(content, content_type=kind)
