"""Which languages Hearth speaks, and how well: for everybody, and text by text for staff."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Form
from services.applications.domain.rounds import State
from services.applications.domain.text import Text
from services.applications.storage.tables import RoundRow
from services.applications.web.context import units
from services.applications.web.round_view import view_of
from shared.errors import NotFound
from shared.web import access
from shared.web.catalogues import every_language, words_of
from shared.web.i18n import LANGUAGES

pages = Blueprint("languages", __name__)


@pages.get("/languages")
@access.public
def public() -> ResponseReturnValue:
    return render_template("applications/home/languages.html", words=every_language(), names=LANGUAGES)


@pages.get("/staff/languages")
@access.role("staff", "administrator")
def staff() -> ResponseReturnValue:
    """What is missing and what is a machine's, in one language: pages, emails, and the forms of the rounds."""
    code = request.args.get("of", "ar")
    if code not in LANGUAGES or code == "en":
        raise NotFound("There is no such language.")
    with units().begin(write=False) as uow:
        live = [row for row in uow.rounds.all() if row.state != State.ARCHIVED.value]
        rounds = [
            {"round": view_of(row, uow.now), "missing": list(_untold(row, form, code))}
            for row, form in ((row, uow.rounds.form(row.id, row.form_version)) for row in live)
        ]
    found = {"words": words_of(code), "every": every_language(), "names": LANGUAGES, "rounds": rounds}
    return render_template("applications/staff/languages.html", **found)


def _untold(row: RoundRow, form: Form, code: str) -> Iterator[str]:
    """The English of what a round says without a translation."""
    texts = [Text(each) for each in row.texts.values()]
    texts += [text for section in form.all_sections for text in (section.title, section.intro)]
    for question in form.questions.values():
        texts += [question.label, question.help, question.content_warning]
        texts += [text for option in question.options for text in (option.label, option.help)]
    yield from (text.say("en") for text in texts if _lacks(text, code))


def _lacks(text: Any, code: str) -> bool:
    return bool(text.say("en")) and not text.by_language.get(code)
