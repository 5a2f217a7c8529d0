"""Somebody's data as a zip file on disk."""

import os
from pathlib import Path
from uuid import UUID

import click

from services.applications.domain.data_copy import as_zip
from services.applications.storage.tables import DataRequestRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import copy_data
from services.applications.use_cases.find_somebody import find_person
from services.applications.web.data_files import document_of
from services.developer.personal_data.work import Work
from shared.errors import Conflict
from shared.web.i18n import gettext

OPERATOR = UUID(int=0)
"""Who asked, when it was nobody who has an account."""


def write_copy(work: Work, who: str, out: Path, wait: float) -> None:
    """Ask all three services, wait, and write the zip, readable by its owner alone.

    Raises:
        NotFound: nobody has this address or id, or they were erased.
        Conflict: the person is waiting for a copy of their own; or the others have not answered in time.
    """
    if out.exists():
        raise Conflict(f"{out} is there already.")
    request_id = _ask(work, who)
    if not work.wait_until(lambda uow: uow.data_requests.get(request_id).state != copy_data.GATHERING, wait):
        raise Conflict(f"cohorts and notifications have not both answered within {wait:g} s: are their workers up?")
    body = _zip(work, request_id)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
    click.echo(f"{out}: {len(body)} bytes. It holds everything on this person: keep it safe, and delete it when sent.")


def _ask(work: Work, who: str) -> UUID:
    with work.units.begin() as uow:
        person = find_person(uow, who)
        row = _ready(uow, person.id) or copy_data.request_copy(
            uow, person.id, asked_by=OPERATOR, language=person.language
        )
        if row.asked_by == row.person_id:
            raise Conflict("They asked for a copy themselves and it is being gathered. Try again when they have it.")
        return row.id


def _ready(uow: ApplicationsUnitOfWork, person_id: UUID) -> DataRequestRow | None:
    """A copy that a command asked for earlier, and did not wait long enough for."""
    for row in uow.data_requests.of_person(person_id):
        if row.state == copy_data.READY and row.asked_by == OPERATOR and not row.downloads:
            return row
    return None


def _zip(work: Work, request_id: UUID) -> bytes:
    with work.units.begin() as uow:
        copy = copy_data.open_copy(uow, request_id, owner=None)
        with work.speaking(copy.person.language):
            return as_zip(document_of(copy, uow.now), gettext)
