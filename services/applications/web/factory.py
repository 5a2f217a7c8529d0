"""Puts the pages and the API of this service together."""

from pathlib import Path

from flask import Flask

from services.applications.use_cases.keep_retention import KINDS
from services.applications.web import api
from services.applications.web.context import WebContext, attach
from services.applications.web.organisations import known_organisations
from services.applications.web.pages import (
    account,
    application,
    apply,
    blank_form,
    cases,
    corrections,
    files,
    helpers,
    helping,
    home,
    identity,
    interest,
    languages,
    officer,
    organisations,
    resume,
    second_step,
    sections,
    sign_in,
    staff,
    staff_applicants,
    staff_data,
    staff_equality,
    staff_form,
    staff_form_files,
    staff_form_parts,
    staff_form_preview,
    staff_form_versions,
    staff_rounds,
    staff_rule_parts,
    staff_rules,
    staff_what_if,
    their_data,
)
from shared.metrics import Metrics
from shared.web import retention
from shared.web.api import make_api
from shared.web.api.retention import retention_api
from shared.web.app import WebSettings, create_app

_FOLDER = Path(__file__).parent
_PAGES = (
    home,
    blank_form,
    interest,
    sign_in,
    second_step,
    identity,
    account,
    apply,
    application,
    sections,
    files,
    helpers,
    helping,
    resume,
    languages,
    staff,
    staff_applicants,
    staff_rounds,
    staff_form,
    staff_form_parts,
    staff_form_files,
    staff_form_versions,
    staff_form_preview,
    organisations,
    staff_rules,
    staff_rule_parts,
    staff_what_if,
    their_data,
    corrections,
    cases,
    officer,
    staff_data,
    staff_equality,
)


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
    app = create_app("applications", _FOLDER, settings, context.clock, metrics=metrics)
    attach(app, context)
    app.jinja_env.globals["offered_organisations"] = known_organisations
    for module in _PAGES:
        app.register_blueprint(module.pages)
    page = "/staff/retention"
    app.register_blueprint(retention.blueprint("applications", page, lambda: context.units, KINDS))
    make_api(
        app,
        "applications",
        "Hearth: applications",
        *api.BLUEPRINTS,
        retention_api("applications", lambda: context.units, KINDS),
    )
    return app
