"""A copy of somebody's data, put into the words of its reader and into files."""

from datetime import datetime
from typing import Any

from flask import Response, make_response

from services.applications.domain.data_copy import Document, Sheet, Table, as_zip
from services.applications.domain.forms import questions_asked
from services.applications.storage.personal_data import REGISTER
from services.applications.use_cases import copy_data
from services.applications.use_cases.keep_round import texts_of
from services.applications.web.answers import in_words
from services.applications.web.context import language
from shared.web.i18n import direction, gettext

_OTHERS = {
    "contacts": "account",
    "messages": "messages",
    "suppressions": "messages",
    "application_identities": "applications",
    "deliveries": "messages",
    "reviews": "panel_reading",
    "review_versions": "panel_reading",
    "assignments": "panel_reading",
    "selected_people": "selection",
    "decisions": "selection",
    "offers": "offers",
    "participants": "cohort",
    "session_invitations": "cohort",
    "survey_invitations": "surveys",
    "survey_answers": "surveys",
    "panel_members": "panel",
    "conflicts": "panel",
    "selection_runs": "staff_work",
    "decision_record": "record",
    "case_marks": "cases",
}
"""Which kind the tables of the other services belong to; one that is not named here is shown as something else."""


def download(copy: copy_data.Copy, now: datetime) -> Response:
    """The zip, as a file to keep and never to be shown in the browser."""
    response = make_response(as_zip(document_of(copy, now), gettext))
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="hearth-data-{now:%Y-%m-%d}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


def document_of(copy: copy_data.Copy, now: datetime) -> Document:
    """The copy in the reader's language."""
    tag = language()
    return Document(
        name=copy.person.name,
        made_at=now,
        language=tag,
        direction=direction(tag),
        sheets=[_sheet(each, tag) for each in copy.sheets],
        tables=_tables(copy),
        files=copy.files,
        answers={each.row.reference: each.answers for each in copy.sheets},
    )


def _sheet(sheet: copy_data.Sheet, tag: str) -> Sheet:
    rows = [
        (question.label.say(tag), in_words(question, sheet.answers.get(question.id), tag))
        for section in sheet.form.all_sections
        for question in questions_asked(sheet.form, section, sheet.answers)
    ]
    return Sheet(texts_of(sheet.round, tag)["title"], sheet.row.reference, rows)


def _tables(copy: copy_data.Copy) -> list[Table]:
    kinds: dict[str, Any] = {each.table: each.kind for each in REGISTER.holdings}
    found = []
    for service, tables in copy.parts.items():
        own = kinds if service == "applications" else {"people": "account", "applications": "applications", **_OTHERS}
        found += [Table(service, name, own.get(name, "other"), rows) for name, rows in tables.items()]
    return found
