"""Staff: every message that Hearth can send, in every language, with invented values, exactly as it would arrive."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.render import Rendered
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.edit_template import look, standing
from services.notifications.use_cases.send_test import send_sample
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from shared.errors import NotFound
from shared.message_kinds import title_of
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notification_templates", __name__, url_prefix="/notifications/staff/templates")


@pages.get("")
@access.role("staff", "administrator")
def listed() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows = [
            (kind, [(code, uow.templates.in_use(kind.name, code)) for code in LANGUAGES]) for kind in KINDS.values()
        ]
        own = {key: row.number for key, row in uow.template_versions.newest_of_all().items() if row.hash}
        works = uow.template_versions.texts()
    return render_template("notifications/staff/templates.html", rows=rows, own=own, works=works, languages_=LANGUAGES)


@pages.get("/gallery")
@access.role("staff", "administrator")
def gallery() -> ResponseReturnValue:
    """All of them on one page; `?language=` for one language."""
    wanted = request.args.get("language", "")
    codes = [wanted] if wanted in LANGUAGES else list(LANGUAGES)
    with units().begin(write=False) as uow:
        rows = [(name, [each for code in codes if (each := _sample_if_any(uow, name, code))]) for name in KINDS]
    here = "/notifications/staff/templates/gallery"
    tabs = [("All", here, len(codes) > 1)]
    tabs += [(each.name, f"{here}?language={code}", wanted == code) for code, each in LANGUAGES.items()]
    return render_template(
        "notifications/staff/gallery.html",
        rows=[(name, found) for name, found in rows if found],
        languages_=LANGUAGES,
        tabs_=[{"text": text, "href": href, "current": current} for text, href, current in tabs],
    )


def _sample_if_any(uow: NotificationsUnitOfWork, kind: str, language: str) -> tuple[Published, Rendered] | None:
    template = uow.templates.in_use(kind, language)
    return (template, look(uow, template)) if template else None


def _sample(uow: NotificationsUnitOfWork, kind: str, language: str) -> tuple[Published, Rendered]:
    found = _sample_if_any(uow, kind, language)
    if found is None:
        raise NotFound("There is no such template.")
    return found


@pages.get("/<kind>/<language_code>")
@access.role("staff", "administrator")
def one(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        now, found = standing(uow, kind, language_code), _sample_if_any(uow, kind, language_code)
    return render_template(
        "notifications/staff/template.html",
        kind=kind,
        code=language_code,
        now=now,
        template=found[0] if found else None,
        rendered=found[1] if found else None,
        title=title_of(kind),
        language_=LANGUAGES[language_code],
        tabs_=[
            {
                "text": each.name,
                "href": f"/notifications/staff/templates/{kind}/{code}",
                "current": code == language_code,
            }
            for code, each in LANGUAGES.items()
        ],
    )


@pages.get("/<kind>/<language_code>/html")
@access.role("staff", "administrator")
def html(kind: str, language_code: str) -> Response:
    with units().begin(write=False) as uow:
        return framed(_sample(uow, kind, language_code)[1].html)


@pages.post("/<kind>/<language_code>/test")
@access.role("staff", "administrator")
def test(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin() as uow:
        send_sample(uow, known().person_id, kind, language_code)
    flash("It is on its way to your own address, with invented values.", "success")
    return redirect(f"/notifications/staff/templates/{kind}/{language_code}", 303)
