"""A person's own page: their applications, their name and language."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.domain.people import needs_second_factor
from services.applications.storage.tables import ApplicationRow, PersonRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import change_person
from services.applications.web.context import units
from services.applications.web.round_view import personal_view
from services.applications.web.stages import stage_of
from shared.errors import Invalid
from shared.web import access
from shared.web.i18n import LANGUAGES
from shared.web.identity import known
from shared.web.spoken import in_own_words

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@access.signed_in
def mine() -> ResponseReturnValue:
    return _page({}, {})


def _page(values: Mapping[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        person = uow.people.get(known().person_id)
        helping = len(uow.helping.helped_by(person.email))
        rows = [_card(uow, row, round_) for row, round_ in uow.applications.of_person(person.id)]
    return render_template(
        "applications/account/mine.html",
        person=person,
        values={"name": person.name, "language": person.language, **values},
        rows=rows,
        errors=errors,
        all_languages=list(LANGUAGES.items()),
        helping=helping,
        second_step=_waits_for_second_step(person),
    )


def _card(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow) -> dict[str, Any]:
    stage = stage_of(row, uow.applications.status(row.id))
    return {"row": row, "round": personal_view(uow, round_, row.person_id), "stage": stage}


def _waits_for_second_step(person: PersonRow) -> bool:
    """Whether roles of this person are asleep until the second step is done."""
    roles = frozenset(person.roles)
    return needs_second_factor(roles) and not roles <= known().roles


@pages.post("/details")
@access.signed_in
def details() -> ResponseReturnValue:
    values = {name: request.form.get(name, "") for name in ("name", "language")}
    try:
        _check(**values)
        with units().begin() as uow:
            change_person(uow, known().person_id, **values)
    except Invalid as error:
        return _page(values, in_own_words(error.problems)), 422
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
