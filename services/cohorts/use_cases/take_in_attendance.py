"""Take attendance from a meeting program's list; and what a whole cohort's attendance comes to."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain import attendance as rules
from services.cohorts.domain import attendance_file
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.session import SCHEDULED
from services.cohorts.storage.tables import Person
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_attendance import attendance_list, entry, held_session, note


def read_list(uow: CohortsUnit, session_id: UUID, text: str) -> attendance_file.Reading:
    """What a meeting's list says of this session's people, by person id. Nothing is kept.

    Raises:
        Invalid: the file cannot be read.
    """
    people = [
        attendance_file.Person(str(line.person_id), line.person.name, line.person.email)
        for line in attendance_list(uow, uow.sessions.get(session_id))
        if line.person
    ]
    return attendance_file.read(text, people)


def take_in_list(uow: CohortsUnit, actor: Actor, session_id: UUID, text: str) -> attendance_file.Reading:
    """Keep what a meeting's list says: who is on it was there. What staff have said stays.

    Raises:
        Conflict: the session has not begun, or was cancelled.
        Invalid: the file cannot be read.
    """
    session = held_session(uow, session_id)
    reading, known = read_list(uow, session_id, text), uow.attendances.of_session(session_id)
    rows = []
    for key, minutes in reading.minutes.items():
        before = known.get(UUID(key))
        if before is None or before.source != rules.STAFF:
            state = rules.PRESENT if minutes is None else rules.state_for(minutes, session.minutes)
            rows.append(entry(uow, session, UUID(key), state, rules.FILE, actor.name, minutes))
    uow.attendances.keep(rows)
    if rows:
        note(uow, actor, session, len(rows), rules.FILE)
    return reading


@dataclass(frozen=True, slots=True)
class Attended:
    """One participant: sessions on whose list they were and where attendance was taken, and what they came to."""

    person_id: UUID
    person: Person | None
    expected: int
    attended: int
    excused: int

    @property
    def share(self) -> float | None:
        """Attended of expected, between 0 and 1; None when nothing was expected."""
        return self.attended / self.expected if self.expected else None


def sum_attendance(uow: CohortsUnit, cohort_id: UUID) -> list[Attended]:
    """Everybody in the cohort, by name. A session counts once attendance has been taken at it."""
    marked = uow.attendances.of_cohort(cohort_id)
    taken = {row.session_id for row in marked}
    sessions = [s for s in uow.sessions.of_cohort(cohort_id) if s.id in taken and s.status == SCHEDULED]
    lists = {session.id: set(uow.sessions.recipients(session.id)) for session in sessions}
    states = {(row.session_id, row.person_id): row.state for row in marked}
    return [
        _one(participant.person_id, person, lists, states)
        for participant, person in uow.cohorts.participants(cohort_id)
    ]


def _one(
    person_id: UUID, person: Person | None, lists: dict[UUID, set[UUID]], states: dict[tuple[UUID, UUID], str]
) -> Attended:
    mine = [states.get((id, person_id)) for id, on in lists.items() if person_id in on or (id, person_id) in states]
    attended = sum(state in rules.ATTENDED for state in mine)
    return Attended(person_id, person, len(mine), attended, sum(state == rules.EXCUSED for state in mine))
