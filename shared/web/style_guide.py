"""Every component and chart on two pages with lifelike content, for those who build pages and for the checks.

Not part of any service unless asked for: `app.register_blueprint(style_guide.blueprint)`.
"""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import refresh

from shared.web import access
from shared.web.i18n import LANGUAGES, direction
from shared.web.style_guide_texts import ARABIC, people

blueprint = Blueprint("style_guide", __name__)


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
