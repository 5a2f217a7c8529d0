"""A person's own page: their applications, their name and language."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.use_cases.keep_person import change_person
from services.applications.use_cases.keep_round import last_minute, texts_of
from services.applications.web.context import units
from services.applications.web.stages import stage_of
from shared.errors import Invalid
from shared.web import access
from shared.web.i18n import LANGUAGES, chosen_language
from shared.web.identity import known

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@access.signed_in
def mine() -> ResponseReturnValue:
    return _page({})


def _page(errors: dict[str, list[str]]) -> str:
    language = chosen_language() or "en"
    with units().begin(write=False) as uow:
        person = uow.people.find(known().person_id)
        rows = [
            {
                "row": row,
                "title": texts_of(round_, language)["title"],
                "stage": stage_of(row, uow.applications.status(row.id)),
                "closes_at": last_minute(round_),
                "zone": round_.zone,
            }
            for row, round_ in uow.applications.of_person(known().person_id)
        ]
    return render_template(
        "applications/account/mine.html", person=person, rows=rows, errors=errors, all_languages=LANGUAGES
    )


@pages.post("/details")
@access.signed_in
def details() -> ResponseReturnValue:
    language = request.form.get("language", "en")
    name = request.form.get("name", "")
    try:
        _check(name, language)
        with units().begin() as uow:
            change_person(uow, known().person_id, name=name, language=language)
    except Invalid as error:
        return _page(error.problems), 422
    flash(_("Your details are saved."), "success")
    return redirect("/identity/renew?next=/account", 303)


def _check(name: str, language: str) -> None:
    problems = {}
    if not name.strip():
        problems["name"] = [_("Tell us what to call you.")]
    if language not in LANGUAGES:
        problems["language"] = [_("Choose one of the languages.")]
    if problems:
        raise Invalid(problems)
