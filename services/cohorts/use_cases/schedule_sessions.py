"""Sessions of a cohort: scheduled, changed, moved, cancelled; who is invited; the reminder a day before."""

from uuid import UUID

from services.cohorts.domain import session as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Cohort, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import publish_session, set_invited
from services.cohorts.use_cases.session_plan import Plan, calendar_content, checked, fill, plan_of
from services.cohorts.use_cases.take_places import follow_joining, give_up_place, take_place
from shared.contracts.cohorts import SessionReminderDue
from shared.errors import Conflict, NotFound
from shared.ids import new_id

REMINDER = "session_reminder"
MINUTES_BEFORE = 24 * 60


def schedule_session(uow: CohortsUnit, actor: Actor, cohort_id: UUID, plan: Plan) -> ProgrammeSession:
    """Schedule a session, and send the invitations, unless people sign up for it.

    Raises:
        Invalid: a field cannot be accepted, or the local time does not exist or comes twice.
    """
    cohort = uow.cohorts.of_round(uow.cohorts.get(cohort_id).round_id, lock=True)
    if cohort is None:
        raise NotFound("There is no such cohort.")
    return add_session(uow, actor, cohort, plan, None)


def add_session(uow: CohortsUnit, actor: Actor, cohort: Cohort, plan: Plan, series_id: UUID | None) -> ProgrammeSession:
    """One session of a cohort that the caller has locked; of a series, if it is one of several."""
    times = checked(uow, cohort.id, plan)
    session_id = new_id()
    session = ProgrammeSession(
        id=session_id,
        cohort_id=cohort.id,
        uid=f"{session_id}@hearth",
        calendar_sequence=0,
        status=rules.SCHEDULED,
        series_id=series_id,
        attendance_code="",
    )
    fill(session, plan, times)
    session.revision = 1
    uow.sessions.add(session)
    uow.session.flush()
    if plan.joining == rules.INVITED:
        for person_id in uow.groups.audience(session):
            set_invited(uow, session, person_id, True)
    session.revision = 1
    _remind(uow, session)
    publish_session(uow, session, cohort)
    uow.record.write(actor, "session_scheduled", cohort.round_id, session=str(session.id))
    return session


def change_session(
    uow: CohortsUnit, actor: Actor, session_id: UUID, plan: Plan, revision: int | None
) -> ProgrammeSession:
    """Move a session or change what it says; everybody's calendar follows. Nothing changed: nothing is sent.

    Raises:
        Stale: somebody else has changed it since.
        Conflict: it is cancelled.
        Invalid: as for `schedule_session`.
    """
    session, cohort = _editable(uow, session_id)
    times = checked(uow, cohort.id, plan)
    before, was = calendar_content(session), plan_of(session)
    step(session, revision)
    fill(session, plan, times)
    moved = calendar_content(session) != before
    list_changed = follow_joining(uow, session, was)
    if not moved and not list_changed and plan_of(session) == was:
        session.revision -= 1
        return session
    session.calendar_sequence += moved
    _remind(uow, session)
    publish_session(uow, session, cohort)
    uow.record.write(actor, "session_changed", cohort.round_id, session=str(session.id))
    return session


def cancel_session(uow: CohortsUnit, actor: Actor, session_id: UUID, revision: int | None) -> ProgrammeSession:
    """Cancel a session: it leaves everybody's calendar.

    Raises:
        Stale: somebody else has changed it since.
        Conflict: it is cancelled already, or it is over.
    """
    session, cohort = _editable(uow, session_id)
    if session.ends_at <= uow.now:
        raise Conflict("This session is over, so it cannot be cancelled.")
    step(session, revision)
    session.status = rules.CANCELLED
    session.calendar_sequence += 1
    uow.cancel(REMINDER, str(session.id))
    publish_session(uow, session, cohort)
    uow.record.write(actor, "session_cancelled", cohort.round_id, session=str(session.id))
    return session


def change_invitation(
    uow: CohortsUnit, actor: Actor, session_id: UUID, person_id: UUID, wanted: bool
) -> ProgrammeSession:
    """Put a participant on a session's list or take them off; only they are written to.

    Raises:
        NotFound: the person is not in the cohort.
        Conflict: the session is cancelled.
    """
    session, cohort = _editable(uow, session_id)
    if session.joining == rules.SIGN_UP:
        return _by_place(uow, actor, session, cohort, person_id, wanted)
    if person_id not in {participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)}:
        raise NotFound("This person is not in the cohort.")
    if set_invited(uow, session, person_id, wanted):
        publish_session(uow, session, cohort)
        action = "session_person_added" if wanted else "session_person_removed"
        uow.record.write(actor, action, cohort.round_id, session=str(session.id), person=str(person_id))
    return session


def _by_place(
    uow: CohortsUnit, actor: Actor, session: ProgrammeSession, cohort: Cohort, person_id: UUID, wanted: bool
) -> ProgrammeSession:
    """Staff sign a participant up, or off: by the same rules as they would themselves."""
    if wanted:
        take_place(uow, person_id, session.id)
    else:
        give_up_place(uow, person_id, session.id)
    action = "session_person_added" if wanted else "session_person_removed"
    uow.record.write(actor, action, cohort.round_id, session=str(session.id), person=str(person_id))
    return session


def remind_session(uow: CohortsUnit, session_id: UUID) -> None:
    """A day before: remind everybody who is invited, if the session still stands."""
    session = uow.sessions.find(session_id)
    if session is None or session.status != rules.SCHEDULED or session.starts_at <= uow.now:
        return
    uow.publish(
        SessionReminderDue(
            session_id=session.id, calendar_sequence=session.calendar_sequence, minutes_before=MINUTES_BEFORE
        )
    )


def _editable(uow: CohortsUnit, session_id: UUID) -> tuple[ProgrammeSession, Cohort]:
    session = uow.sessions.get(session_id, lock=True)
    if session.status == rules.CANCELLED:
        raise Conflict("This session is cancelled. Schedule a new one instead.")
    return session, uow.cohorts.get(session.cohort_id)


def _remind(uow: CohortsUnit, session: ProgrammeSession) -> None:
    at = rules.reminder_at(session.starts_at, uow.now)
    if at is None:
        uow.cancel(REMINDER, str(session.id))
    else:
        uow.schedule(REMINDER, str(session.id), at)
