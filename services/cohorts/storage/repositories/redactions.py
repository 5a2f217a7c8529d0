"""What staff did about names inside answers."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository, batches
from services.cohorts.storage.tables import Redaction

REDACTED, CLEARED, RESTORED = "redacted", "cleared", "restored"


class Redactions(Repository):
    """Redactions, which are only ever added to."""

    def standing(self, applications: Iterable[UUID]) -> dict[tuple[UUID, str], Redaction]:
        """What counts for each answer, by (application, question)."""
        found: dict[tuple[UUID, str], Redaction] = {}
        for some in batches(set(applications)):
            where = Redaction.application_id.in_(some)
            for row in self.session.scalars(select(Redaction).where(where).order_by(Redaction.id)):
                found[row.application_id, row.question_id] = row
        return found

    def history(self, application_id: UUID, question_id: str) -> list[Redaction]:
        """Everything that was done about one answer, the newest first."""
        where = (Redaction.application_id == application_id, Redaction.question_id == question_id)
        return list(self.session.scalars(select(Redaction).where(*where).order_by(Redaction.id.desc())))


def digest(answer: str) -> str:
    """Names an answer as it stood."""
    return hashlib.sha256(answer.encode()).hexdigest()
