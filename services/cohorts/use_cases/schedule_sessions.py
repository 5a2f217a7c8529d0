"""Sessions of a cohort: scheduled, changed, moved, cancelled; who is invited; the reminder a day before."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from services.cohorts.domain import session as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Cohort, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import publish_session, set_invited
from shared.contracts.cohorts import SessionReminderDue
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id

REMINDER = "session_reminder"
MINUTES_BEFORE = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A session as staff write it. `start` is what the clock on the wall of `zone` shows (naive)."""

    title: str
    purpose: str = ""
    start: datetime
    minutes: int
    zone: str
    fold: int | None = None
    place: str = ""
    link: str = ""
    access_notes: str = ""


_LIMITS = {"title": 200, "purpose": 2_000, "place": 300, "link": 400, "access_notes": 2_000}


def schedule_session(uow: CohortsUnit, actor: Actor, cohort_id: UUID, plan: Plan) -> ProgrammeSession:
    """Schedule a session for everybody in the cohort, and send the invitations.

    Raises:
        Invalid: a field cannot be accepted, or the local time does not exist or comes twice.
    """
    cohort = uow.cohorts.of_round(uow.cohorts.get(cohort_id).round_id, lock=True)
    if cohort is None:
        raise NotFound("There is no such cohort.")
    times = _checked(plan, uow.now)
    session_id = new_id()
    session = ProgrammeSession(
        id=session_id, cohort_id=cohort_id, uid=f"{session_id}@hearth", calendar_sequence=0, status=rules.SCHEDULED
    )
    _fill(session, plan, times)
    session.revision = 1
    uow.sessions.add(session)
    uow.session.flush()
    for participant, _ in uow.cohorts.participants(cohort_id):
        set_invited(uow, session, participant.person_id, True)
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
    times = _checked(plan, uow.now)
    before = _content(session)
    step(session, revision)
    _fill(session, plan, times)
    if _content(session) == before:
        session.revision -= 1
        return session
    session.calendar_sequence += 1
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
    if person_id not in {participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)}:
        raise NotFound("This person is not in the cohort.")
    if set_invited(uow, session, person_id, wanted):
        publish_session(uow, session, cohort)
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


def _checked(plan: Plan, now: datetime) -> rules.Times:
    problems: dict[str, list[str]] = {}
    for name, most in _LIMITS.items():
        if len(getattr(plan, name)) > most:
            problems[name] = [f"Keep this under {most:,} characters."]
    if not plan.title.strip():
        problems["title"] = ["Give the session a name."]
    if plan.link.strip() and (urlsplit(plan.link.strip()).scheme not in {"https", "http"} or " " in plan.link.strip()):
        problems["link"] = ["Write a web address that begins with https://."]
    if not plan.place.strip() and not plan.link.strip():
        problems["place"] = ["Say where it is: a place, an online link, or both."]
    try:
        times = rules.resolve(plan.start, plan.minutes, plan.zone, plan.fold)
    except Invalid as error:
        raise Invalid({**problems, **error.problems}) from None
    if times.starts_at <= now:
        problems["start"] = ["Choose a time that is still to come."]
    if problems:
        raise Invalid(problems)
    return times


def _fill(session: ProgrammeSession, plan: Plan, times: rules.Times) -> None:
    for name in _LIMITS:
        setattr(session, name, getattr(plan, name).strip())
    session.zone, session.minutes, session.fold = plan.zone, plan.minutes, times.fold
    session.local_start = times.local_start.isoformat(timespec="minutes")
    session.starts_at, session.ends_at = times.starts_at, times.ends_at


def _content(session: ProgrammeSession) -> tuple[object, ...]:
    names = (*_LIMITS, "zone", "minutes", "local_start", "fold")
    return tuple(getattr(session, name) for name in names)


def _remind(uow: CohortsUnit, session: ProgrammeSession) -> None:
    at = rules.reminder_at(session.starts_at, uow.now)
    if at is None:
        uow.cancel(REMINDER, str(session.id))
    else:
        uow.schedule(REMINDER, str(session.id), at)
