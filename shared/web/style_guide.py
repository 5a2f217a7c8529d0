"""Every component and chart on two pages with lifelike content, for those who build pages and for the checks.

Not part of any service unless asked for: `app.register_blueprint(style_guide.blueprint)`. On its own, without
any service: `python -m shared.web.style_guide`, then http://127.0.0.1:8099/assets/style-guide.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, g, render_template, request
from flask_babel import refresh
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from shared.web import access, assets, compiled, components, headers, i18n
from shared.web.absent import Absent
from shared.web.i18n import LANGUAGES, direction
from shared.web.style_guide_texts import ARABIC, people

PORT = 8099

blueprint = Blueprint("style_guide", __name__)


def alone() -> Flask:
    """An application with the guide, the shared files and nothing else: no sign-in, no database."""
    app = Flask("style_guide", static_folder=None)
    app.secret_key = "style guide"  # noqa: S105  signs nothing: there is no session
    app.config["PUBLIC_URL"] = f"http://127.0.0.1:{PORT}"
    app.after_request(headers.add)
    app.jinja_options = {"undefined": Absent, **compiled.OPTIONS}
    library = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_env.loader = ChoiceLoader([FileSystemLoader(Path(__file__).parent / "templates"), library])
    field = Markup('<input type="hidden" name="csrf_token" value="none">')
    app.jinja_env.globals.update(asset=assets.address, csrf_field=lambda: field, csrf_token=lambda: "none")
    i18n.install(app)
    components.install(app)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(blueprint)
    return app


def _context() -> dict[str, Any]:
    language = request.args.get("language", "en")
    g.language = language if language in LANGUAGES else "en"
    refresh()
    arabic = direction(g.language) == "rtl"
    return {
        "t": (lambda words: ARABIC.get(words, words)) if arabic else (lambda words: words),
        "language": g.language,
        "direction": direction(g.language),
        "identity": SimpleNamespace(name="Amina Yusuf", roles=("applicant",)),
        "programme_name": "Leading Together",
    }


@blueprint.get("/assets/style-guide")
@access.public
def applicant() -> str:
    """Components of the pages that applicants see; `?errors=1` shows them after a mistake."""
    errors = {"organisation": ["Enter the name of your organisation"], "started": "Enter a date in the past"}
    context = _context()
    context["errors"] = {name: errors[name] for name in errors} if request.args.get("errors") else {}
    return render_template("hearth/style_guide.html", **context)


@blueprint.get("/assets/style-guide/staff")
@access.public
def staff() -> str:
    """Components of the wide pages: tables, charts, the review page."""
    context = _context()
    links = ["Rounds", "Applications", "Panel", "Selection", "Cohort", "Sessions", "Messages", "Reports"]
    context["navigation"] = [
        {"text": context["t"](text), "href": f"#{text.lower()}", "current": text == "Selection"} for text in links
    ]
    return render_template("hearth/style_guide_staff.html", people=people(context["t"]), **context)


if __name__ == "__main__":
    from waitress import serve

    serve(alone(), host="127.0.0.1", port=PORT)
