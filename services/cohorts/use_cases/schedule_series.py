"""Several sessions scheduled together. Each is an event of its own, so that one can be moved without the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.series import Repeat, starts
from services.cohorts.domain.session import SCHEDULED
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.schedule_sessions import add_session, cancel_session, change_session
from services.cohorts.use_cases.session_plan import Plan
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id

ONE, FOLLOWING, ALL = "one", "following", "all"
SCOPES = (ONE, FOLLOWING, ALL)


def schedule_series(
    uow: CohortsUnit, actor: Actor, cohort_id: UUID, plan: Plan, repeat: Repeat
) -> list[ProgrammeSession]:
    """Schedule every session of a series, or none.

    Raises:
        Invalid: a field cannot be accepted; when it is about one of the later sessions, the day is named.
    """
    cohort = uow.cohorts.of_round(uow.cohorts.get(cohort_id).round_id, lock=True)
    if cohort is None:
        raise NotFound("There is no such cohort.")
    series_id, scheduled = new_id(), []
    for start in starts(plan.start, repeat):
        with _naming(start, plan.start):
            scheduled.append(add_session(uow, actor, cohort, replace(plan, start=start), series_id))
    return scheduled


def change_series(
    uow: CohortsUnit, actor: Actor, session_id: UUID, plan: Plan, scope: str, revision: int | None
) -> list[ProgrammeSession]:
    """Change one session of a series, those that follow too, or all that are still to come.

    What the plan says goes to each of them; a move by some days or hours moves each by as much.

    Raises:
        Stale, Conflict, Invalid: as for `change_session`.
    """
    this = uow.sessions.get(session_id)
    moved = plan.start - datetime.fromisoformat(this.local_start)
    changed = [change_session(uow, actor, session_id, plan, revision)]
    for other in _others(uow, this, scope):
        start = datetime.fromisoformat(other.local_start) + moved
        with _naming(start, plan.start):
            changed.append(change_session(uow, actor, other.id, replace(plan, start=start, fold=None), None))
    return changed


def cancel_series(
    uow: CohortsUnit, actor: Actor, session_id: UUID, scope: str, revision: int | None
) -> list[ProgrammeSession]:
    """Cancel one session of a series, those that follow too, or all that are still to come.

    Raises:
        Stale, Conflict: as for `cancel_session`.
    """
    this = uow.sessions.get(session_id)
    others = _others(uow, this, scope)
    cancelled = [cancel_session(uow, actor, session_id, revision)]
    return cancelled + [cancel_session(uow, actor, other.id, None) for other in others]


def _others(uow: CohortsUnit, this: ProgrammeSession, scope: str) -> list[ProgrammeSession]:
    if scope not in SCOPES:
        raise Invalid({"scope": ["Choose which sessions of the series you mean."]})
    if scope == ONE:
        return []
    if this.series_id is None:
        raise Conflict("This session is not one of a series.")
    since = this.starts_at if scope == FOLLOWING else uow.now
    return [
        session
        for session in uow.sessions.of_series(this.series_id)
        if session.id != this.id
        and session.status == SCHEDULED
        and session.starts_at > uow.now
        and session.starts_at >= since
    ]


@contextmanager
def _naming(start: datetime, first: datetime) -> Iterator[None]:
    """A problem about a session other than the first says which day it is about."""
    try:
        yield
    except Invalid as error:
        if start == first:
            raise
        day = f"On {start:%A} {start.day} {start:%B %Y}"
        raise Invalid({name: [f"{day}: {text}" for text in texts] for name, texts in error.problems.items()}) from None
