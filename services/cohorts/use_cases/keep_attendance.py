"""Attendance: marked by staff, or said by participants with a code."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain import attendance as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.session import SCHEDULED
from services.cohorts.storage.tables import Attendance, Person, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Line:
    """One participant of a session's attendance list."""

    person_id: UUID
    person: Person | None
    expected: bool
    attendance: Attendance | None


def attendance_list(uow: CohortsUnit, session: ProgrammeSession) -> list[Line]:
    """Everybody whom the session is for, by name; `expected`: they are on its list."""
    here, on_list = uow.attendances.of_session(session.id), set(uow.sessions.recipients(session.id))
    wanted = set(uow.groups.audience(session)) | set(here)
    return [
        Line(participant.person_id, person, participant.person_id in on_list, here.get(participant.person_id))
        for participant, person in uow.cohorts.participants(session.cohort_id)
        if participant.person_id in wanted
    ]


def mark_attendance(uow: CohortsUnit, actor: Actor, session_id: UUID, states: Mapping[UUID, str]) -> int:
    """Staff say who was there; "" forgets what was said. How many entries changed.

    Raises:
        Conflict: the session has not begun, or was cancelled.
        Invalid: an unknown state.
        NotFound: somebody whom the session is not for.
    """
    session = held_session(uow, session_id)
    known = {line.person_id: line.attendance for line in attendance_list(uow, session)}
    if set(states) - set(known):
        raise NotFound("There is no such participant.")
    if any(state not in ("", *rules.STATES) for state in states.values()):
        raise Invalid({"state": ["Choose one of the answers for each person."]})
    changed = {person: state for person, state in states.items() if state != _state(known[person])}
    for person, state in changed.items():
        if state:
            uow.attendances.keep([entry(uow, session, person, state, rules.STAFF, actor.name)])
        else:
            uow.attendances.forget(session.id, person)
    if changed:
        note(uow, actor, session, len(changed), rules.STAFF)
    return len(changed)


def _state(row: Attendance | None) -> str:
    return row.state if row else ""


def open_check_in(uow: CohortsUnit, session_id: UUID) -> str:
    """A new code for participants to say that they are there; the one before stops working.

    Raises:
        Conflict: the session was cancelled.
    """
    session = uow.sessions.get(session_id, lock=True)
    if session.status != SCHEDULED:
        raise Conflict("This session is cancelled.")
    session.attendance_code = rules.new_code()
    return session.attendance_code


def check_in(uow: CohortsUnit, person_id: UUID, session_id: UUID, code: str) -> None:
    """A participant says that they are there. What staff have said stays.

    Raises:
        NotFound: the session is not theirs.
        Conflict: it is not the time for it.
        Invalid: the code is another one.
    """
    uow.sessions.check_invited(session_id, person_id)
    session = uow.sessions.get(session_id)
    if session.status != SCHEDULED or not rules.can_check_in(session.starts_at, session.ends_at, uow.now):
        raise Conflict("You can say that you are here from 15 minutes before until one hour after the session.")
    if not rules.same_code(code, session.attendance_code):
        raise Invalid({"code": ["This is not the code. Look again, or ask the person who runs the session."]})
    known = uow.attendances.of_session(session_id).get(person_id)
    if known is None or known.source != rules.STAFF:
        uow.attendances.keep([entry(uow, session, person_id, rules.PRESENT, rules.CODE, "the participant")])


def held_session(uow: CohortsUnit, session_id: UUID) -> ProgrammeSession:
    """The session, locked, if somebody may have been there; raises Conflict otherwise."""
    session = uow.sessions.get(session_id, lock=True)
    if session.status != SCHEDULED:
        raise Conflict("This session was cancelled, so nobody was there.")
    if not rules.can_be_marked(session.starts_at, uow.now):
        raise Conflict("This session has not begun. Attendance can be marked from a quarter of an hour before.")
    return session


def entry(
    uow: CohortsUnit,
    session: ProgrammeSession,
    person_id: UUID,
    state: str,
    source: str,
    by_name: str,
    minutes: int | None = None,
) -> Attendance:
    """What is kept of one person at one session."""
    return Attendance(
        session_id=session.id,
        person_id=person_id,
        state=state,
        minutes=minutes,
        source=source,
        by_name=by_name,
        at=uow.now,
    )


def note(uow: CohortsUnit, actor: Actor, session: ProgrammeSession, count: int, source: str) -> None:
    """Put on the record that attendance was taken, and of how many."""
    round_id = uow.cohorts.get(session.cohort_id).round_id
    uow.record.write(actor, "attendance_marked", round_id, session=str(session.id), people=count, source=source)
