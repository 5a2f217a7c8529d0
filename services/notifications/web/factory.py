"""Puts the pages and the API of this service together."""

from pathlib import Path

from flask import Flask

from services.notifications.use_cases.keep_retention import KINDS
from services.notifications.web import api
from services.notifications.web.context import WebContext, attach
from services.notifications.web.pages import (
    batches,
    choices,
    news,
    outbox,
    overview,
    previews,
    settings,
    staff,
    suppressions,
    template_texts,
    template_versions,
    templates,
)
from shared.metrics import Metrics
from shared.web import retention
from shared.web.api import make_api
from shared.web.api.retention import retention_api
from shared.web.app import WebSettings, create_app

_FOLDER = Path(__file__).parent


def build_web(context: WebContext, metrics: Metrics) -> Flask:
    """The Flask application."""
    config = context.config
    web = WebSettings(
        public_url=config.public_url,
        secret_key=config.secret_key,
        identity_public_key=config.identity_public_key,
        proxies=config.proxies,
        demo=config.demo,
    )
    app = create_app("notifications", _FOLDER, web, context.clock, metrics=metrics)
    attach(app, context)
    for module in (
        overview, staff, batches, news, suppressions, settings, templates, template_texts, template_versions, previews,
        choices, outbox,
    ):  # fmt: skip
        app.register_blueprint(module.pages)
    page = "/notifications/staff/retention"
    app.register_blueprint(retention.blueprint("notifications", page, lambda: context.units, KINDS))
    make_api(
        app,
        "notifications",
        "Hearth: notifications",
        *api.BLUEPRINTS,
        retention_api("notifications", lambda: context.units, KINDS),
    )
    return app
