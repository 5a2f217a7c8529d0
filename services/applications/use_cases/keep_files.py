"""Take away what is left of files: those that no answer names any more, and bytes that nobody knows of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.applications.storage.scanning import INFECTED
from services.applications.storage.tables import UploadRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import forget_file
from services.applications.use_cases.fill_in import with_all_answers


def loose_files(uow: ApplicationsUnitOfWork, before: datetime) -> list[UploadRow]:
    """Files added before a moment that their application does not name: the answer was emptied or taken out.

    Of a harmful file only the line is left, for its owner to read; that stays as long as the application.
    """
    # Answers that are kept apart are sealed: they are opened for the few files that the others do not name.
    unnamed = [row for row, answers in uow.uploads.with_answers(before) if not _names(answers, row)]
    return [row for row in unnamed if row.state != INFECTED and not _names(_all_answers(uow, row), row)]


def _names(answers: Mapping[str, Any], row: UploadRow) -> bool:
    value = answers.get(row.question_id)
    return isinstance(value, list) and str(row.id) in value


def _all_answers(uow: ApplicationsUnitOfWork, row: UploadRow) -> Mapping[str, Any]:
    return with_all_answers(uow, uow.applications.get(row.application_id)).answers


def drop_loose_files(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    """Forget them; how many."""
    found = loose_files(uow, before)
    for row in found:
        forget_file(uow, row)
    return len(found)


def drop_files_of(uow: ApplicationsUnitOfWork, application_id: UUID, questions: Iterable[str]) -> None:
    """Forget the files that answered some questions of an application."""
    wanted = set(questions)
    for row in uow.uploads.of_application(application_id):
        if row.question_id in wanted:
            forget_file(uow, row)


def stray_bytes(uow: ApplicationsUnitOfWork, before: datetime) -> list[str]:
    """Names in the file store that no file is known under, put before a moment: left by a crash or a rollback."""
    there = list(uow.files.names(before))
    # Known ones are read after: a file that is added meanwhile is known before it could seem to be nobody's.
    known = uow.uploads.known_bytes()
    return [name for name in there if name not in known]


def drop_stray_bytes(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    """Throw them away; how many."""
    found = stray_bytes(uow, before)
    for name in found:
        uow.files.drop(name)
    return len(found)
