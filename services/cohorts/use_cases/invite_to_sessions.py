"""Publish sessions with everybody who is invited, and bring people in who join late."""

from uuid import UUID

from services.cohorts.domain.session import INVITED
from services.cohorts.storage.tables import Cohort, ProgrammeSession, SessionInvitation
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import SessionPublished


def publish_session(uow: CohortsUnit, session: ProgrammeSession, cohort: Cohort) -> None:
    """Tell the whole state of a session, with everybody who is invited or waits for a place."""
    uow.session.flush()
    uow.publish(
        SessionPublished(
            session_id=session.id,
            cohort_id=cohort.id,
            cohort_title=cohort.title,
            uid=session.uid,
            calendar_sequence=session.calendar_sequence,
            status=session.status,
            title=session.title,
            purpose=session.purpose,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=session.zone,
            place=session.place,
            link=session.link,
            access_notes=session.access_notes,
            facilitator=session.facilitator,
            recipients=uow.sessions.recipients(session.id),
            waiting=[place.person_id for place in uow.places.waiting(session.id)],
        )
    )


def set_invited(uow: CohortsUnit, session: ProgrammeSession, person_id: UUID, wanted: bool) -> bool:
    """Put somebody on a session's list, or take them off; whether that changed anything.

    The calendar sequence stays, so that nobody else is written to. Only when somebody who was taken off comes back
    does it rise: their calendar has seen a cancellation, and takes nothing but a higher number.
    """
    row = uow.sessions.invitations(session.id).get(person_id)
    if (row is not None and row.current) == wanted:
        return False
    if row is None:
        uow.sessions.add(SessionInvitation(session_id=session.id, person_id=person_id, current=True))
    else:
        row.current = wanted
        session.calendar_sequence += 2 if wanted else 0
    session.revision += 1
    return True


def set_all_invited(uow: CohortsUnit, session: ProgrammeSession, people: list[UUID], wanted: bool) -> bool:
    """`set_invited` for each of these people; whether that changed anything."""
    return sum(set_invited(uow, session, person, wanted) for person in people) > 0


def invite_to_sessions(uow: CohortsUnit, cohort: Cohort, person_id: UUID, group_id: UUID | None = None) -> None:
    """Invite a new participant to every session that is still to come and that everybody is invited to; or, with
    `group_id`, a new member of that group to the group's."""
    for session in uow.sessions.to_come(cohort.id, uow.now):
        theirs = session.joining == INVITED and session.group_id == group_id
        if theirs and set_invited(uow, session, person_id, True):
            publish_session(uow, session, cohort)
