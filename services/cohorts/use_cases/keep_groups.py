"""Groups of a cohort: made, filled, renamed, taken away; the sessions of a group follow."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Group
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import invite_to_sessions
from services.cohorts.use_cases.leave_sessions import leave_session
from shared.errors import Conflict, Invalid

_LONGEST = 100


def keep_group(
    uow: CohortsUnit,
    actor: Actor,
    cohort_id: UUID,
    name: str,
    people: set[UUID],
    group_id: UUID | None = None,
    revision: int | None = None,
) -> Group:
    """Make a group of these participants, or change it: who joins is invited to its sessions, who leaves is taken off.

    Raises:
        Invalid: no name, one that another group has, or somebody who is not in the cohort.
        NotFound, Stale: the group to change is not there, or has been changed since.
    """
    cohort = uow.cohorts.get(cohort_id)
    group = uow.groups.get(group_id, lock=True) if group_id else Group(cohort_id=cohort_id, revision=0)
    _check(uow, cohort_id, name.strip(), people, group_id)
    step(group, revision)
    group.name = name.strip()
    uow.groups.add(group)
    uow.session.flush()
    before = uow.groups.members(group.id)
    for person in sorted(people - before):
        uow.groups.join(group.id, person)
        uow.session.flush()
        invite_to_sessions(uow, cohort, person, group.id)
    for person in sorted(before - people):
        uow.groups.leave(group.id, person)
        for session in uow.sessions.to_come(cohort_id, uow.now):
            if session.group_id == group.id:
                leave_session(uow, cohort, session, person)
    uow.record.write(actor, "group_kept", cohort.round_id, group=str(group.id), members=len(people))
    return group


def _check(uow: CohortsUnit, cohort_id: UUID, name: str, people: set[UUID], group_id: UUID | None) -> None:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(name) <= _LONGEST:
        problems["name"] = [f"Give the group a name of up to {_LONGEST} characters."]
    elif any(g.name.casefold() == name.casefold() and g.id != group_id for g in uow.groups.of_cohort(cohort_id)):
        problems["name"] = ["Another group has this name."]
    if people - {participant.person_id for participant, _ in uow.cohorts.participants(cohort_id)}:
        problems["people"] = ["Somebody in this list is not in the cohort any more. Look again."]
    if problems:
        raise Invalid(problems)


def remove_group(uow: CohortsUnit, actor: Actor, group_id: UUID) -> None:
    """Take a group away.

    Raises:
        Conflict: it has sessions to come.
    """
    group = uow.groups.get(group_id, lock=True)
    if any(session.group_id == group.id for session in uow.sessions.to_come(group.cohort_id, uow.now)):
        raise Conflict("This group has sessions to come. Cancel them or give them to another group first.")
    round_id = uow.cohorts.get(group.cohort_id).round_id
    uow.groups.remove(group)
    uow.record.write(actor, "group_removed", round_id, group=str(group_id))
