"""A session as staff write it, checked and put into its row."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from services.cohorts.domain import session as rules
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A session as staff write it. `start` is what the clock on the wall of `zone` shows (naive).

    `joining` is invited (everybody it is for) or sign_up (whoever takes a place, up to `capacity`); `group_id` None
    means the whole cohort.
    """

    title: str
    purpose: str = ""
    facilitator: str = ""
    start: datetime
    minutes: int
    zone: str
    fold: int | None = None
    place: str = ""
    link: str = ""
    access_notes: str = ""
    joining: str = rules.INVITED
    capacity: int | None = None
    group_id: UUID | None = None


_LIMITS = {"title": 200, "purpose": 2_000, "facilitator": 200, "place": 300, "link": 400, "access_notes": 2_000}


def checked(uow: CohortsUnit, cohort_id: UUID, plan: Plan) -> rules.Times:
    """The plan's real times.

    Raises:
        Invalid: a field cannot be accepted, or the local time does not exist or comes twice.
    """
    problems = {**_texts(plan), **_joining(uow, cohort_id, plan)}
    try:
        times = rules.resolve(plan.start, plan.minutes, plan.zone, plan.fold)
    except Invalid as error:
        raise Invalid({**problems, **error.problems}) from None
    if times.starts_at <= uow.now:
        problems["start"] = ["Choose a time that is still to come."]
    if problems:
        raise Invalid(problems)
    return times


def _texts(plan: Plan) -> dict[str, list[str]]:
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
    return problems


def _joining(uow: CohortsUnit, cohort_id: UUID, plan: Plan) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if plan.joining not in rules.JOINING:
        problems["joining"] = ["Choose how people join."]
    if plan.capacity is not None and not 1 <= plan.capacity <= 10_000:
        problems["capacity"] = ["Write how many people there is room for, or leave it empty."]
    if plan.capacity is not None and plan.joining == rules.INVITED:
        problems["capacity"] = ["Only a session that people sign up for can be full. Choose sign-up, or clear this."]
    if plan.group_id is not None and plan.group_id not in {group.id for group in uow.groups.of_cohort(cohort_id)}:
        problems["group_id"] = ["Choose a group of this cohort."]
    return problems


def fill(session: ProgrammeSession, plan: Plan, times: rules.Times) -> None:
    """Put the plan into the session's row."""
    for name in _LIMITS:
        setattr(session, name, getattr(plan, name).strip())
    session.zone, session.minutes, session.fold = plan.zone, plan.minutes, times.fold
    session.local_start = times.local_start.isoformat(timespec="minutes")
    session.starts_at, session.ends_at = times.starts_at, times.ends_at
    session.joining, session.capacity, session.group_id = plan.joining, plan.capacity, plan.group_id


def plan_of(session: ProgrammeSession) -> Plan:
    """The plan that a session stands for now."""
    texts = {name: getattr(session, name) for name in _LIMITS}
    more = {name: getattr(session, name) for name in ("minutes", "zone", "fold", "joining", "capacity", "group_id")}
    return Plan(start=datetime.fromisoformat(session.local_start), **texts, **more)


def calendar_content(session: ProgrammeSession) -> tuple[object, ...]:
    """All that a calendar shows: what changes it raises SEQUENCE."""
    names = (*_LIMITS, "zone", "minutes", "local_start", "fold")
    return tuple(getattr(session, name) for name in names)
