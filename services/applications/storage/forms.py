"""Forms being built, and the versions that were published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.applications.storage.tables import ApplicationRow, FormDraftRow, FormVersionRow, RulesVersionRow
from shared.errors import NotFound

_TOO_MANY = 1_000_000
"""No form has so many versions, and a database cannot look for any number at all."""


class Forms:
    """The forms of every round, as definitions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def draft(self, round_id: UUID, *, lock: bool = False) -> FormDraftRow | None:
        """The form being built, if anybody has begun to."""
        return self._session.get(FormDraftRow, round_id, with_for_update=lock or None)

    def keep_draft(self, round_id: UUID, definition: dict[str, Any], by: str, now: datetime) -> FormDraftRow:
        """Keep the form being built; its revision goes up by one."""
        row = self.draft(round_id)
        if row is None:
            row = FormDraftRow(round_id=round_id)
            self._session.add(row)
        row.definition, row.changed_by, row.changed_at = definition, by[:200], now
        self._session.flush()
        return row

    def version(self, round_id: UUID, version: int) -> FormVersionRow:
        """A published version; raises NotFound."""
        row = self._session.get(FormVersionRow, (round_id, version)) if version < _TOO_MANY else None
        if row is None:
            raise NotFound("There is no such version of the form.")
        return row

    def versions(self, round_id: UUID) -> list[FormVersionRow]:
        """Every published version, newest first."""
        query = select(FormVersionRow).where(FormVersionRow.round_id == round_id)
        return list(self._session.scalars(query.order_by(FormVersionRow.version.desc())))

    def newest(self, round_id: UUID) -> int:
        """The number of the newest version."""
        query = select(func.max(FormVersionRow.version)).where(FormVersionRow.round_id == round_id)
        return self._session.scalar(query) or 0

    def rules(self, round_id: UUID, version: int) -> dict[str, Any]:
        """The definition of a version of the priority rules."""
        return self._session.get_one(RulesVersionRow, (round_id, version)).definition

    def applications_by_version(self, round_id: UUID) -> dict[int, int]:
        """Version of the form -> how many applications are on it."""
        query = select(ApplicationRow.form_version, func.count()).where(ApplicationRow.round_id == round_id)
        return {int(version): int(count) for version, count in self._session.execute(query.group_by("form_version"))}
