"""Who was at which session."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Attendance, ProgrammeSession


class Attendances(Repository):
    """Attendance of sessions."""

    def of_session(self, session_id: UUID) -> dict[UUID, Attendance]:
        """By person."""
        rows = self.session.scalars(select(Attendance).where(Attendance.session_id == session_id))
        return {row.person_id: row for row in rows}

    def of_cohort(self, cohort_id: UUID) -> list[Attendance]:
        """Of all its sessions."""
        statement = select(Attendance).join(ProgrammeSession, ProgrammeSession.id == Attendance.session_id)
        return list(self.session.scalars(statement.where(ProgrammeSession.cohort_id == cohort_id)))

    def of_person(self, person_id: UUID) -> dict[UUID, Attendance]:
        """By session."""
        rows = self.session.scalars(select(Attendance).where(Attendance.person_id == person_id))
        return {row.session_id: row for row in rows}

    def keep(self, rows: Iterable[Attendance]) -> None:
        """Put in what is new, and over what was there."""
        for row in rows:
            self.session.merge(row)
        self.session.flush()

    def forget(self, session_id: UUID, person_id: UUID) -> None:
        """Nothing is known of this person any more."""
        row = self.session.get(Attendance, (session_id, person_id))
        if row is not None:
            self.session.delete(row)
