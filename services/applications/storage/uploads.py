"""Files given as answers: what is known of each. The bytes are in the file store."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.applications.storage.tables import ApplicationRow, UploadRow
from shared.errors import NotFound
from shared.messaging.tables import due

FORGETTING = "forget_file"
"""The kind of due work that drops a file's bytes; its key is their name."""


class Uploads:
    """Files by application."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: UploadRow) -> None:
        """Keep what is known of a new file."""
        self._session.add(row)
        self._session.flush()

    def get(self, upload_id: UUID) -> UploadRow:
        """The file; raises NotFound."""
        row = self.find(upload_id)
        if row is None:
            raise NotFound("There is no such file.")
        return row

    def find(self, upload_id: UUID) -> UploadRow | None:
        """The file, if it is still there."""
        return self._session.get(UploadRow, upload_id)

    def of_application(self, application_id: UUID) -> list[UploadRow]:
        """Every file of an application, in the order added."""
        query = select(UploadRow).where(UploadRow.application_id == application_id)
        return list(self._session.scalars(query.order_by(UploadRow.added_at, UploadRow.id)))

    def with_answers(self, before: datetime) -> Iterator[tuple[UploadRow, dict[str, Any]]]:
        """Every file that was added before a moment, with what its application says in the clear."""
        query = (
            select(UploadRow, ApplicationRow.answers)
            .join(ApplicationRow, ApplicationRow.id == UploadRow.application_id)
            .where(UploadRow.added_at < before)
            .execution_options(yield_per=500)
        )
        yield from ((row, answers) for row, answers in self._session.execute(query))

    def known_bytes(self) -> set[str]:
        """Under which names the store keeps files that somebody may still ask for, or that will go by themselves."""
        leaving = select(due.c.key).where(due.c.kind == FORGETTING)
        return {*self._session.scalars(select(UploadRow.stored)), *self._session.scalars(leaving)}

    def names(self, application_id: UUID) -> dict[str, str]:
        """id -> name, for showing answers."""
        return {str(row.id): row.name for row in self.of_application(application_id)}

    def remove(self, row: UploadRow) -> None:
        """Forget that there was a file."""
        self._session.delete(row)
        self._session.flush()
