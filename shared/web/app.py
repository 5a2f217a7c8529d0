"""One function builds the Flask application of any service: same security, same errors, same looks."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.messaging.backlog import read_backlog
from shared.metrics import Metrics
from shared.service import Service
from shared.timekeeping import Clock
from shared.tracing import Trace, current_trace
from shared.unit_of_work import U
from shared.web import (
    access,
    assets,
    catalogues,
    compiled,
    components,
    csrf,
    errors,
    headers,
    health,
    i18n,
    identity,
    intake,
    style_guide,
)
from shared.web.absent import Absent
from shared.web.moments import filters as moment_filters
from shared.web.navigation import main_navigation
from shared.web.rules import LazyRule

log = logging.getLogger(__name__)
MAX_BODY = 2 * 1024 * 1024
_ACCEPTED_CORRELATION = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ACCEPTED_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_UNTOLD = ("/assets/", "/health/", "/metrics")


@dataclass(frozen=True)
class WebSettings:
    """What a service's pages need to know. `proxies` is how many reverse proxies stand in front."""

    public_url: str
    secret_key: str
    identity_public_key: str
    proxies: int = 0
    demo: bool = False


def create_app(
    service: str,
    package_folder: Path,
    settings: WebSettings,
    clock: Clock,
    *,
    metrics: Metrics,
    navigation: Callable[[], list[dict[str, Any]]] = main_navigation,
    globals: Mapping[str, Any] | None = None,
) -> Flask:
    """A Flask application for `service` with everything shared in place. Blueprints are added by the caller,
    who then calls `finish`.

    `package_folder` is the service's `web` folder, with `templates/<service>/`, `static/` and `translations/`.
    """
    secure = settings.public_url.startswith("https://")
    app = Flask(service, root_path=str(package_folder), static_folder=None, template_folder="templates")
    app.url_rule_class = LazyRule
    # Before anything that makes the environment of the templates, as setting `debug` does.
    app.jinja_options = {"undefined": Absent, **compiled.OPTIONS}
    app.debug = False  # whatever FLASK_DEBUG says
    app.config.update(
        PUBLIC_URL=settings.public_url,
        SECRET_KEY=settings.secret_key,
        # In an environment file a PEM stands on one line, with \n written out.
        IDENTITY_PUBLIC_KEY=settings.identity_public_key.replace("\\n", "\n"),
        CLOCK=clock,
        DEMO=settings.demo,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        # Flash messages ride in a signed cookie; it holds nothing personal.
        SESSION_COOKIE_NAME=f"{'__Host-' if secure else ''}hearth-flash-{service}",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    _templates(app, package_folder, settings, navigation, globals or {})
    i18n.install(app, package_folder / "translations")
    components.install(app)
    errors.register(app)
    _hooks(app, metrics)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(health.blueprint(f"/{service}"))
    if settings.demo:
        app.register_blueprint(style_guide.blueprint)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    return app


def finish(service: Service[U]) -> Service[U]:
    """Tie the finished service to its pages, and check that every view says who may call it."""
    service.web.extensions[health.EXTENSION] = service
    service.metrics.watch(lambda: read_backlog(service.units.engine, service.clock()))
    access.check_every_view(service.web)
    return service


def _templates(
    app: Flask,
    folder: Path,
    settings: WebSettings,
    navigation: Callable[[], list[dict[str, Any]]],
    more: Mapping[str, Any],
) -> None:
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(folder / "templates"),
            FileSystemLoader(Path(__file__).parent / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.globals.update(
        csrf_token=csrf.token, csrf_field=csrf.field, asset=assets.address, programme_name="", **more
    )
    app.jinja_env.filters.update(moment_filters())

    @app.context_processor
    def _context() -> dict[str, Any]:
        language = i18n.chosen_language() or "en"
        return {
            "identity": identity.current(),
            "language": language,
            "direction": i18n.direction(language),
            "draft_language": catalogues.is_draft(language),
            "languages": i18n.language_links(),
            "navigation": navigation(),
            "demo": settings.demo,
            "now": app.config["CLOCK"](),
        }


def _hooks(app: Flask, metrics: Metrics) -> None:
    @app.before_request
    def _begin() -> Any:
        g.began = time.perf_counter()
        correlation = _accepted("X-Correlation-ID", _ACCEPTED_CORRELATION) or str(uuid4())
        g.trace_token = current_trace.set(Trace(correlation, None, _accepted("traceparent", _ACCEPTED_TRACE)))
        intake.allow()
        identity.load()
        csrf.enforce_origin()
        redirected = access.enforce()
        if redirected is None:
            csrf.enforce()
            intake.check()
        return redirected

    @app.after_request
    def _finish(response: Response) -> Response:
        csrf.remember(response)
        i18n.remember(response)
        access.settle(response)
        headers.add(response)
        _count(metrics, response.status_code)
        response.headers["X-Correlation-ID"] = current_trace.get().correlation_id or ""
        return response

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        token = g.pop("trace_token", None)
        if token is not None:
            current_trace.reset(token)


def _accepted(header: str, form: re.Pattern[str]) -> str | None:
    """The header's value if it has the right form: it goes on into logs, answers and events."""
    given = request.headers.get(header, "")
    return given if form.fullmatch(given) else None


def _count(metrics: Metrics, status: int) -> None:
    """One figure and one line of the log for each request: by route, because paths may hold personal links."""
    # Anybody may invent methods and paths, and every label is kept for ever.
    method = request.method if request.method in _METHODS else "other"
    rule = request.url_rule.rule if request.url_rule else "none"
    seconds = time.perf_counter() - g.began
    metrics.request(method, rule, status, seconds)
    if not any(part in rule for part in _UNTOLD):
        told = {"method": method, "route": rule, "status": status, "milliseconds": round(seconds * 1000)}
        log.info("answered", extra=told)
