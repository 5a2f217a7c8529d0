"""Say what is held of a round or of one application: counts by table and kinds of files, and never what they say."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select

from services.applications.domain.forms import Purpose
from services.applications.domain.references import read_reference
from services.applications.storage.personal_data import REGISTER
from services.applications.storage.tables import ApplicationRow, SetApartRow, UploadRow, metadata
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import NotFound

_OF_APPLICATION = "applications.id"


@dataclass(frozen=True)
class Held:
    """What is held of some applications.

    `states`: state -> applications; `answers`: purpose -> answers, those sealed apart counted by application;
    `tables`: table -> rows that belong to them; `files`: state of a file -> (files, bytes).
    """

    states: dict[str, int]
    answers: dict[str, int]
    tables: dict[str, int]
    files: dict[str, tuple[int, int]]


def held_of_round(uow: ApplicationsUnitOfWork, slug: str) -> Held:
    """Everything of a round; raises NotFound."""
    return _held(uow, select(ApplicationRow.id).where(ApplicationRow.round_id == uow.rounds.by_slug(slug).id))


def held_of_application(uow: ApplicationsUnitOfWork, reference: str) -> Held:
    """Everything of one application, by its reference; raises NotFound."""
    wanted = select(ApplicationRow.id).where(ApplicationRow.reference == read_reference(reference))
    if uow.session.scalar(wanted) is None:
        raise NotFound(f"There is no application with the reference {reference}.")
    return _held(uow, wanted)


def _held(uow: ApplicationsUnitOfWork, wanted: Select[UUID]) -> Held:
    rows = uow.session.execute(
        select(ApplicationRow.state, ApplicationRow.erased_at.is_not(None), func.count())
        .where(ApplicationRow.id.in_(wanted))
        .group_by(ApplicationRow.state, ApplicationRow.erased_at.is_not(None))
    )
    states = {f"{state}{', erased' if erased else ''}": count for state, erased, count in rows}
    files = uow.session.execute(
        select(UploadRow.state, func.count(), func.sum(UploadRow.size))
        .where(UploadRow.application_id.in_(wanted))
        .group_by(UploadRow.state)
    )
    return Held(
        states=dict(sorted(states.items())),
        answers=_answers(uow, wanted),
        tables=_tables(uow, wanted),
        files={state: (count, int(size)) for state, count, size in files},
    )


def _answers(uow: ApplicationsUnitOfWork, wanted: Select[UUID]) -> dict[str, int]:
    found: dict[str, int] = {}
    rows = select(ApplicationRow).where(ApplicationRow.id.in_(wanted)).execution_options(yield_per=500)
    for row in uow.session.scalars(rows):
        form = uow.rounds.form(row.round_id, row.form_version)
        for question_id in row.answers:
            known = question_id in form.questions
            purpose = (form.section_of(question_id).purpose if known else Purpose.ASSESSED).value
            found[purpose] = found.get(purpose, 0) + 1
    apart = select(SetApartRow.purpose, func.count()).where(SetApartRow.application_id.in_(wanted))
    for purpose, count in uow.session.execute(apart.group_by(SetApartRow.purpose)):
        found[f"{purpose}, sealed"] = count
    return dict(sorted(found.items()))


def _tables(uow: ApplicationsUnitOfWork, wanted: Select[UUID]) -> dict[str, int]:
    """Rows of every table of the register that hang on an application."""
    found = {}
    for holding in REGISTER.holdings:
        if holding.by.get("application_id") == _OF_APPLICATION:
            table = metadata.tables[holding.table]
            query = select(func.count()).select_from(table).where(table.c.application_id.in_(wanted))
            found[holding.table] = uow.session.scalar(query) or 0
    return {name: count for name, count in found.items() if count}
