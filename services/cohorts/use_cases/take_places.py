"""Sessions that people sign up for: places, a waiting list in order, and who moves up when a place comes free.

The session's own row is locked by whoever changes its places, so that the last one is never given twice.
"""

from uuid import UUID

from services.cohorts.domain import session as rules
from services.cohorts.storage.tables import ProgrammeSession, SessionPlace
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import publish_session, set_all_invited, set_invited
from services.cohorts.use_cases.session_plan import Plan
from shared.errors import Conflict, NotFound


def take_place(uow: CohortsUnit, person_id: UUID, session_id: UUID) -> SessionPlace:
    """Sign somebody up, or put them on the waiting list when the session is full. Asked twice, it is one place.

    Raises:
        NotFound: the session is not for them.
        Conflict: it is cancelled or has begun, or nobody signs up for it.
    """
    session = _open(uow, session_id)
    if person_id not in uow.groups.audience(session):
        raise NotFound("There is no such session.")
    if session.joining != rules.SIGN_UP:
        raise Conflict("Nobody has to sign up for this session: everybody is invited.")
    place = uow.places.find(session.id, person_id)
    if place is None:
        state = rules.GOING if _room(uow, session) else rules.WAITING
        place = SessionPlace(session_id=session.id, person_id=person_id, state=state, at=uow.now)
        uow.places.add(place)
        uow.session.flush()
        if state == rules.GOING:
            set_invited(uow, session, person_id, True)
        publish_session(uow, session, uow.cohorts.get(session.cohort_id))
    return place


def give_up_place(uow: CohortsUnit, person_id: UUID, session_id: UUID) -> None:
    """Give up a place, or leave the waiting list; who waits longest moves up.

    Raises:
        NotFound: the session is not for them.
        Conflict: it is cancelled or has begun.
    """
    session = _open(uow, session_id)
    if person_id not in uow.groups.audience(session):
        raise NotFound("There is no such session.")
    if let_go(uow, session, person_id):
        publish_session(uow, session, uow.cohorts.get(session.cohort_id))


def let_go(uow: CohortsUnit, session: ProgrammeSession, person_id: UUID) -> bool:
    """Take somebody's place, or turn, away without telling the session; whether there was anything to take."""
    place = uow.places.find(session.id, person_id)
    if place is None:
        return False
    uow.places.remove(place)
    uow.session.flush()
    set_invited(uow, session, person_id, False)
    _move_up(uow, session)
    return True


def follow_joining(uow: CohortsUnit, session: ProgrammeSession, was: Plan) -> bool:
    """After a change of how people join, how many there is room for or which group it is for: whether its list changed.

    Nobody who has a place loses it because there is room for fewer now.
    """
    audience = uow.groups.audience(session)
    changed = _take_off_outsiders(uow, session, audience)
    if session.joining == rules.SIGN_UP:
        if was.joining == rules.INVITED:
            for person_id in uow.sessions.recipients(session.id):
                uow.places.add(SessionPlace(session_id=session.id, person_id=person_id, state=rules.GOING, at=uow.now))
            uow.session.flush()
        return _move_up(uow, session) or changed
    if was.joining == rules.SIGN_UP:
        uow.places.clear(session.id)
    before = uow.groups.audience(session, was.group_id)
    new = audience if was.joining == rules.SIGN_UP else [person for person in audience if person not in before]
    return set_all_invited(uow, session, new, True) or changed


def _take_off_outsiders(uow: CohortsUnit, session: ProgrammeSession, audience: list[UUID]) -> bool:
    inside = set(audience)
    for place in uow.places.of_session(session.id):
        if place.person_id not in inside:
            uow.places.remove(place)
    uow.session.flush()
    outside = [person for person in uow.sessions.recipients(session.id) if person not in inside]
    return set_all_invited(uow, session, outside, False)


def _open(uow: CohortsUnit, session_id: UUID) -> ProgrammeSession:
    session = uow.sessions.get(session_id, lock=True)
    if session.status != rules.SCHEDULED:
        raise Conflict("This session is cancelled.")
    if session.starts_at <= uow.now:
        raise Conflict("This session has begun, so the list is closed.")
    return session


def _room(uow: CohortsUnit, session: ProgrammeSession) -> bool:
    return session.capacity is None or uow.places.going(session.id) < session.capacity


def _move_up(uow: CohortsUnit, session: ProgrammeSession) -> bool:
    moved = []
    for place in uow.places.waiting(session.id):
        if not _room(uow, session):
            break
        place.state = rules.GOING
        uow.session.flush()
        moved.append(place)
    return set_all_invited(uow, session, [place.person_id for place in moved], True)
