"""Staff: the versions of a message's text, each as it was; two beside each other; an earlier one brought back."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.comparing import compare
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.edit_template import (
    PublishedMeanwhile,
    look,
    restore_version,
    standing,
    version_source,
)
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from shared.errors import Invalid, NotFound
from shared.message_kinds import title_of
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notification_template_versions", __name__, url_prefix="/notifications/staff/templates")
staff_only = access.role("staff", "administrator")


@pages.get("/<kind>/<language_code>/versions")
@staff_only
def versions(kind: str, language_code: str) -> ResponseReturnValue:
    """All versions; with `?from=` and `?to=`, two of them beside each other."""
    with units().begin(write=False) as uow:
        now, rows = standing(uow, kind, language_code), uow.template_versions.of(kind, language_code)
        numbers = [*(row.number for row in rows), 0]
        after = _of(numbers, request.args.get("to", ""), now.number)
        before = _of(numbers, request.args.get("from", ""), max(0, after - 1))
        differences = compare(*(version_source(uow, kind, language_code, each) for each in (before, after)))
        people = uow.template_versions.names({row.published_by for row in rows if row.published_by})
    return render_template(
        "notifications/staff/template_versions.html",
        kind=kind,
        code=language_code,
        now=now,
        rows=rows,
        people=people,
        before=before,
        after=after,
        differences=differences,
        choices=[(str(number), _called(number)) for number in numbers],
        called=_called,
        title=title_of(kind),
        language_=LANGUAGES[language_code],
    )


def _of(numbers: list[int], text: str, otherwise: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise
    return number if number in numbers else otherwise


def _called(number: int) -> str:
    return f"Version {number}" if number else "The text that Hearth ships"


@pages.get("/<kind>/<language_code>/versions/<int:number>")
@staff_only
def version(kind: str, language_code: str, number: int) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        now, row = standing(uow, kind, language_code), uow.template_versions.get(kind, language_code, number)
        rendered = look(uow, uow.templates.get(_hash(uow, kind, language_code, number)))
    return render_template(
        "notifications/staff/template_version.html",
        kind=kind,
        code=language_code,
        now=now,
        row=row,
        rendered=rendered,
        title=title_of(kind),
        language_=LANGUAGES[language_code],
    )


@pages.get("/<kind>/<language_code>/versions/<int:number>/html")
@staff_only
def version_html(kind: str, language_code: str, number: int) -> Response:
    with units().begin(write=False) as uow:
        standing(uow, kind, language_code)
        return framed(look(uow, uow.templates.get(_hash(uow, kind, language_code, number))).html)


def _hash(uow: NotificationsUnitOfWork, kind: str, language_code: str, number: int) -> str:
    found = uow.template_versions.get(kind, language_code, number).hash
    if found is None:
        raise NotFound("From this version on the shipped text was in use.")
    return found


@pages.post("/<kind>/<language_code>/versions/<int:number>/restore")
@staff_only
def restore(kind: str, language_code: str, number: int) -> ResponseReturnValue:
    """Brings it back as a new version; 0: the shipped text."""
    over = request.form.get("over", "")
    here = f"/notifications/staff/templates/{kind}/{language_code}/versions"
    try:
        with units().begin() as uow:
            seen = int(over) if over.isascii() and over.isdigit() and len(over) < 9 else -1
            new = restore_version(uow, kind, language_code, number, known().person_id, over=seen).number
    except PublishedMeanwhile as error:
        flash(error.message, "error")
        return redirect(here, 303)
    except Invalid as error:
        flash(f"It cannot be brought back as it was: {' '.join(error.sentences)}", "error")
        return redirect(here, 303)
    flash(f"It is in use again from now on, as version {new}.", "success")
    return redirect(here, 303)
