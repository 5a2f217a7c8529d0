"""Puts the pages and the API of this service together."""

from pathlib import Path

from flask import Flask

from services.cohorts.use_cases.keep_retention import KINDS
from services.cohorts.web import api, pages
from services.cohorts.web.context import WebContext, attach
from shared.metrics import Metrics
from shared.web import retention
from shared.web.api import make_api
from shared.web.api.retention import retention_api
from shared.web.app import WebSettings, create_app

_FOLDER = Path(__file__).parent


def build_web(context: WebContext, metrics: Metrics) -> Flask:
    """The Flask application."""
    config = context.config
    settings = WebSettings(
        public_url=config.public_url,
        secret_key=config.secret_key,
        identity_public_key=config.identity_public_key,
        proxies=config.proxies,
        demo=config.demo,
    )
    app = create_app("cohorts", _FOLDER, settings, context.clock, metrics=metrics)
    attach(app, context)
    for blueprint in pages.BLUEPRINTS:
        app.register_blueprint(blueprint)
    page = "/cohorts/staff/retention"
    app.register_blueprint(retention.blueprint("cohorts", page, lambda: context.units, KINDS))
    make_api(app, "cohorts", "Hearth: cohorts", *api.BLUEPRINTS, retention_api("cohorts", lambda: context.units, KINDS))
    return app
