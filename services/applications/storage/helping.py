"""Who besides the applicant works on an application: helpers, staff who type in paper, and what each changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.applications.storage.tables import ApplicationRow, ChangeRow, EntryRow, HelperRow, RoundRow
from shared.errors import NotFound
from shared.ids import new_id

ONE_SITTING = timedelta(minutes=30)
"""Changes by one person in one section that are no further apart are told as one: autosave makes many."""


class Helping:
    """Helpers, entries and changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: HelperRow | EntryRow) -> None:
        """Keep a new helper or entry."""
        self._session.add(row)
        self._session.flush()

    def get(self, helper_id: UUID, *, lock: bool = False) -> HelperRow:
        """The helper; raises NotFound."""
        row = self._session.get(HelperRow, helper_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such helper.")
        return row

    def of_application(self, application_id: UUID) -> list[HelperRow]:
        """Everybody who was ever asked, in order."""
        query = select(HelperRow).where(HelperRow.application_id == application_id)
        return list(self._session.scalars(query.order_by(HelperRow.invited_at, HelperRow.id)))

    def active(self, application_id: UUID, email: str) -> HelperRow | None:
        """The helper with this normalised address who said yes and may still help."""
        return self._session.scalar(
            select(HelperRow)
            .where(HelperRow.application_id == application_id, HelperRow.email == email)
            .where(HelperRow.accepted_at.is_not(None), HelperRow.ended_at.is_(None))
            .order_by(HelperRow.accepted_at.desc())
            .limit(1)
        )

    def helped_by(self, email: str) -> list[tuple[HelperRow, ApplicationRow, RoundRow]]:
        """Whom somebody with this address is asked to help, or helps, newest first."""
        rows = self._session.execute(
            select(HelperRow, ApplicationRow, RoundRow)
            .join(ApplicationRow, ApplicationRow.id == HelperRow.application_id)
            .join(RoundRow, RoundRow.id == ApplicationRow.round_id)
            .where(HelperRow.email == email, HelperRow.ended_at.is_(None))
            .order_by(HelperRow.invited_at.desc(), HelperRow.id)
        )
        return [(helper, application, round_) for helper, application, round_ in rows]

    def entry(self, application_id: UUID) -> EntryRow | None:
        """How it reached us, if staff typed it in."""
        return self._session.get(EntryRow, application_id)

    def channels(self, application_ids: Iterable[UUID]) -> dict[UUID, str]:
        """How those of these applications that staff typed in reached us, by id."""
        query = select(EntryRow.application_id, EntryRow.channel)
        rows = self._session.execute(query.where(EntryRow.application_id.in_(list(application_ids))))
        return {row.application_id: row.channel for row in rows}

    def note_change(
        self, application_id: UUID, section_id: str, questions: list[str], person_id: UUID, role: str, now: datetime
    ) -> None:
        """Write down that somebody changed answers; what follows soon in the same section is added to it."""
        last = self._session.scalar(
            select(ChangeRow)
            .where(ChangeRow.application_id == application_id)
            .order_by(ChangeRow.at.desc(), ChangeRow.id.desc())
            .limit(1)
        )
        same = last is not None and (last.section_id, last.person_id, last.role) == (section_id, person_id, role)
        if last is not None and same and now - last.at <= ONE_SITTING:
            last.questions = [*last.questions, *(each for each in questions if each not in last.questions)]
            last.at = now
            return
        row = ChangeRow(id=new_id(), application_id=application_id, section_id=section_id)
        row.questions, row.person_id, row.role, row.at = questions, person_id, role, now
        self._session.add(row)

    def changes(self, application_id: UUID, limit: int = 200) -> list[ChangeRow]:
        """Who changed what, newest first."""
        query = select(ChangeRow).where(ChangeRow.application_id == application_id)
        return list(self._session.scalars(query.order_by(ChangeRow.at.desc(), ChangeRow.id.desc()).limit(limit)))

    def last_change(self, application_id: UUID, section_id: str) -> ChangeRow | None:
        """Who changed a section last."""
        return self._session.scalar(
            select(ChangeRow)
            .where(ChangeRow.application_id == application_id, ChangeRow.section_id == section_id)
            .order_by(ChangeRow.at.desc(), ChangeRow.id.desc())
            .limit(1)
        )
