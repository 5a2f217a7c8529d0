"""Publish sessions with everybody who is invited, and bring people in who join late."""

from uuid import UUID

from services.cohorts.storage.tables import Cohort, ProgrammeSession, SessionInvitation
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import SessionPublished


def publish_session(uow: CohortsUnit, session: ProgrammeSession, cohort: Cohort) -> None:
    """Tell the whole state of a session, with everybody who is invited."""
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
            recipients=uow.sessions.recipients(session.id),
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


def invite_to_sessions(uow: CohortsUnit, cohort: Cohort, person_id: UUID) -> None:
    """Invite a new participant to every session that is still to come."""
    for session in uow.sessions.to_come(cohort.id, uow.now):
        if set_invited(uow, session, person_id, True):
            publish_session(uow, session, cohort)


def leave_cohort(uow: CohortsUnit, round_id: UUID, person_id: UUID) -> None:
    """Take a participant out of the cohort and off every session that is still to come."""
    cohort = uow.cohorts.of_round(round_id)
    if cohort is None:
        return
    for session in uow.sessions.to_come(cohort.id, uow.now):
        if set_invited(uow, session, person_id, False):
            publish_session(uow, session, cohort)
    uow.cohorts.remove(cohort.id, person_id)
