"""Staff: every message that Hearth can send, in every language, with invented values, exactly as it would arrive."""

from flask import Blueprint, Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.domain.templating.samples import sample_values
from services.notifications.use_cases.send_test import send_sample
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from services.notifications.web.wording import in_words
from shared.errors import NotFound
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notification_templates", __name__, url_prefix="/notifications/staff/templates")


@pages.get("")
@access.role("staff", "administrator")
def gallery() -> ResponseReturnValue:
    found = shipped()
    rows = [(kind, [(code, found.get((kind.name, code))) for code in LANGUAGES]) for kind in KINDS.values()]
    return render_template("notifications/staff/templates.html", rows=rows, languages_=LANGUAGES, in_words=in_words)


def _sample(kind: str, language: str) -> tuple[Published, Rendered]:
    template = shipped().get((kind, language))
    if template is None:
        raise NotFound("There is no such template.")
    return template, render(template, sample_values(kind, language))


@pages.get("/<kind>/<language_code>")
@access.role("staff", "administrator")
def one(kind: str, language_code: str) -> ResponseReturnValue:
    template, rendered = _sample(kind, language_code)
    shipped_in = [code for code in LANGUAGES if (kind, code) in shipped()]
    return render_template(
        "notifications/staff/template.html",
        template=template,
        rendered=rendered,
        title=in_words(kind),
        language_=LANGUAGES[language_code],
        tabs_=[
            {
                "text": LANGUAGES[code].name,
                "href": f"/notifications/staff/templates/{kind}/{code}",
                "current": code == language_code,
            }
            for code in shipped_in
        ],
    )


@pages.get("/<kind>/<language_code>/html")
@access.role("staff", "administrator")
def html(kind: str, language_code: str) -> Response:
    return framed(_sample(kind, language_code)[1].html)


@pages.post("/<kind>/<language_code>/test")
@access.role("staff", "administrator")
def test(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin() as uow:
        send_sample(uow, known().person_id, kind, language_code)
    flash("It is on its way to your own address, with invented values.", "success")
    return redirect(f"/notifications/staff/templates/{kind}/{language_code}", 303)
