"""Cohorts, participants and sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from services.cohorts.domain.session import SCHEDULED, SIGN_UP
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Cohort, Participant, Person, ProgrammeSession, SessionInvitation
from shared.errors import NotFound


class Cohorts(Repository):
    """Cohorts and who is in them."""

    def get(self, id: UUID) -> Cohort:
        """The cohort; raises NotFound."""
        return self._get(Cohort, id, "cohort")

    def of_round(self, round_id: UUID, *, lock: bool = False) -> Cohort | None:
        """The round's cohort, once decisions are released. The lock on it guards its places."""
        statement = select(Cohort).where(Cohort.round_id == round_id)
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        return self.session.scalars(statement).first()

    def size(self, cohort_id: UUID) -> int:
        """How many participants there are."""
        where = Participant.cohort_id == cohort_id
        return self.session.scalar(select(func.count(Participant.id)).where(where)) or 0

    def participants(self, cohort_id: UUID) -> list[tuple[Participant, Person | None]]:
        """The participants, by name."""
        rows = self.session.execute(
            select(Participant, Person)
            .outerjoin(Person, Person.id == Participant.person_id)
            .where(Participant.cohort_id == cohort_id)
            .order_by(Person.name, Participant.id)
        )
        return [(participant, person) for participant, person in rows]

    def remove(self, cohort_id: UUID, person_id: UUID) -> None:
        """Take a participant out."""
        where = (Participant.cohort_id == cohort_id, Participant.person_id == person_id)
        self.session.execute(delete(Participant).where(*where))

    def of_person(self, person_id: UUID) -> list[Cohort]:
        """The cohorts that a person takes part in, the newest first."""
        statement = select(Cohort).join(Participant, Participant.cohort_id == Cohort.id)
        return list(
            self.session.scalars(statement.where(Participant.person_id == person_id).order_by(Cohort.id.desc()))
        )


class Sessions(Repository):
    """Sessions and who is invited."""

    def find(self, id: UUID) -> ProgrammeSession | None:
        """The session, if there is one with that number."""
        return self.session.get(ProgrammeSession, id)

    def get(self, id: UUID, *, lock: bool = False) -> ProgrammeSession:
        """The session; raises NotFound."""
        return self._get(ProgrammeSession, id, "session", lock=lock)

    def of_cohort(self, cohort_id: UUID) -> list[ProgrammeSession]:
        """The cohort's sessions in order of time, cancelled ones included."""
        where = ProgrammeSession.cohort_id == cohort_id
        order = (ProgrammeSession.starts_at, ProgrammeSession.id)
        return list(self.session.scalars(select(ProgrammeSession).where(where).order_by(*order)))

    def of_series(self, series_id: UUID) -> list[ProgrammeSession]:
        """The sessions of a series in order of time."""
        where = ProgrammeSession.series_id == series_id
        order = (ProgrammeSession.starts_at, ProgrammeSession.id)
        return list(self.session.scalars(select(ProgrammeSession).where(where).order_by(*order)))

    def open_to(self, cohort_ids: list[UUID], now: datetime) -> list[ProgrammeSession]:
        """Sessions of these cohorts that people sign up for and that have not begun, in order of time."""
        where = (
            ProgrammeSession.cohort_id.in_(cohort_ids),
            ProgrammeSession.status == SCHEDULED,
            ProgrammeSession.joining == SIGN_UP,
            ProgrammeSession.starts_at > now,
        )
        order = (ProgrammeSession.starts_at, ProgrammeSession.id)
        return list(self.session.scalars(select(ProgrammeSession).where(*where).order_by(*order)))

    def to_come(self, cohort_id: UUID, now: datetime) -> list[ProgrammeSession]:
        """The cohort's scheduled sessions that have not begun, locked in one order."""
        where = (
            ProgrammeSession.cohort_id == cohort_id,
            ProgrammeSession.status == SCHEDULED,
            ProgrammeSession.starts_at > now,
        )
        statement = select(ProgrammeSession).where(*where).order_by(ProgrammeSession.id).with_for_update()
        return list(self.session.scalars(statement))

    def of_person(self, person_id: UUID) -> list[ProgrammeSession]:
        """Sessions that a person is invited to, in order of time."""
        statement = (
            select(ProgrammeSession)
            .join(SessionInvitation, SessionInvitation.session_id == ProgrammeSession.id)
            .where(SessionInvitation.person_id == person_id, SessionInvitation.current.is_(True))
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.id)
        )
        return list(self.session.scalars(statement))

    def invitations(self, session_id: UUID) -> dict[UUID, SessionInvitation]:
        """Everybody who is, or was, invited to a session."""
        where = SessionInvitation.session_id == session_id
        rows = self.session.scalars(select(SessionInvitation).where(where).order_by(SessionInvitation.person_id))
        return {row.person_id: row for row in rows}

    def recipients(self, session_id: UUID) -> list[UUID]:
        """Everybody who is invited to a session now, in a fixed order."""
        return [person for person, row in self.invitations(session_id).items() if row.current]

    def check_invited(self, session_id: UUID, person_id: UUID) -> None:
        """Raise NotFound unless the person is invited."""
        row = self.session.get(SessionInvitation, (session_id, person_id))
        if row is None or not row.current:
            raise NotFound("There is no such session.")
