"""Change a list by hand: give, take away, hand over or exchange. Looked at first, and never against a conflict."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.assignment import blocked_because
from services.cohorts.storage.repositories.panels import REMOVED
from services.cohorts.storage.tables import Application, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import MemberLoad, Situation
from services.cohorts.use_cases.put_on_lists import Pair, put_on_lists
from shared.errors import Conflict, Invalid

KINDS = {"organisation": "their organisation", "domain": "their email domain", "application": "this application"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What to do with one application: take it from a member, give it to a member, or both.

    `in_exchange` is an application that goes the other way, from `give_to` to `take_from`.
    """

    application: UUID
    take_from: UUID | None = None
    give_to: UUID | None = None
    in_exchange: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """A change to look at. It cannot be made while anything is in `blocked`; `warnings` are for a person to weigh."""

    change: Change
    application: Application
    take_from: PanelMember | None
    give_to: PanelMember | None
    in_exchange: Application | None
    loads: tuple[MemberLoad, ...]
    blocked: tuple[str, ...]
    warnings: tuple[str, ...]
    fingerprint: str
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]


def propose_change(uow: CohortsUnit, round_id: UUID, change: Change) -> ChangePreview:
    """What a change would do to everybody's list, and what stands against it.

    Raises:
        Invalid: it changes nothing, or an exchange lacks one of its two members.
        NotFound: an application or a member is not of this round.
    """
    if change.take_from is None and change.give_to is None:
        raise Invalid({"give_to": ["Choose whom to give it to, or whom to take it from."]})
    if change.take_from == change.give_to:
        raise Invalid({"give_to": ["Choose two different people."]})
    if change.in_exchange and not (change.take_from and change.give_to):
        raise Invalid({"in_exchange": ["An exchange needs both people."]})
    now = Situation(uow, round_id)
    applications = {row.id: row for row in now.pool}
    members = {row.id: row for row in now.members}
    if change.application not in applications:
        raise Invalid({"application": ["There is no such application in the pool."]})
    if change.in_exchange and change.in_exchange not in applications:
        raise Invalid({"in_exchange": ["There is no such application in the pool."]})
    added, removed = _pairs(change)
    after = (now.standing - set(removed)) | set(added)
    return ChangePreview(
        change=change,
        application=applications[change.application],
        take_from=_member(uow, members, change.take_from),
        give_to=_member(uow, members, change.give_to),
        in_exchange=applications.get(change.in_exchange) if change.in_exchange else None,
        loads=now.loads(added, removed),
        blocked=_blocked(now, members, added, removed),
        warnings=_warnings(now, members, applications, added, removed, after),
        fingerprint=_fingerprint(now, change),
        added=added,
        removed=removed,
    )


def _pairs(change: Change) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    added, removed = [], []
    if change.give_to:
        added.append((change.application, change.give_to))
    if change.take_from:
        removed.append((change.application, change.take_from))
    if change.in_exchange and change.take_from and change.give_to:
        added.append((change.in_exchange, change.take_from))
        removed.append((change.in_exchange, change.give_to))
    return tuple(added), tuple(removed)


def _member(uow: CohortsUnit, members: dict[UUID, PanelMember], id: UUID | None) -> PanelMember | None:
    return None if id is None else members.get(id) or uow.panels.get(id)


def _blocked(
    now: Situation, members: dict[UUID, PanelMember], added: tuple[Pair, ...], removed: tuple[Pair, ...]
) -> tuple[str, ...]:
    said = []
    for application, member in removed:
        if (application, member) not in now.standing:
            said.append("The application is not on that reviewer’s list, so it cannot be taken away.")
    left = now.standing - set(removed)
    conflicts = {
        (str(a), str(m)): KINDS.get(fact[0], "they applied themselves") for (a, m), fact in now.conflicts.items()
    }
    for application, member in added:
        found = blocked_because(
            str(application),
            str(member),
            reviewers={str(id) for id in members},
            conflicts=conflicts,
            existing=[(str(a), str(m)) for a, m in left],
            per_application=len(members) + 1,
            capacity={str(id): row.capacity for id, row in members.items()},
        )
        if found:
            said.append(found.message)
    return tuple(said)


def _warnings(
    now: Situation,
    members: dict[UUID, PanelMember],
    applications: dict[UUID, Application],
    added: tuple[Pair, ...],
    removed: tuple[Pair, ...],
    after: set[Pair],
) -> tuple[str, ...]:
    said = []
    for pair in removed:
        if pair in now.begun and pair[1] in members:
            said.append(f"{members[pair[1]].name} has begun this review. It will not count any more.")
    for pair in added:
        if pair in now.returned and pair[1] in members:
            said.append(f"{members[pair[1]].name} handed this one back, or it was taken from them, before.")
    readers = Counter(application for application, _ in after) + now.done_before
    for id in sorted({application for application, _ in (*added, *removed)}):
        if readers[id] != now.wanted:
            said.append(
                f"{applications[id].reference} would have {readers[id]} reviewers, where {now.wanted} are planned."
            )
    if now.unreadable([pair for pair in added if pair[1] in members]):
        said.append("The reviewer does not read the language of this application.")
    return tuple(said)


def _fingerprint(now: Situation, change: Change) -> str:
    """Names the change and all that it was seen against, so that it is applied to nothing else."""
    seen = sorted(map(str, now.standing)) + sorted(map(str, now.begun)) + sorted(map(str, now.conflicts))
    limits = [f"{member.id}:{member.capacity}" for member in now.members]
    return hashlib.sha256("|".join([repr(change), *seen, *limits]).encode()).hexdigest()[:24]


def apply_change(uow: CohortsUnit, actor: Actor, round_id: UUID, change: Change, fingerprint: str) -> ChangePreview:
    """Make a change as it was looked at.

    Raises:
        Conflict: something stands against it, or the lists have changed since it was looked at.
    """
    uow.rounds.plan(round_id, lock=True)
    found = propose_change(uow, round_id, change)
    if found.blocked:
        raise Conflict(found.blocked[0], code="blocked")
    if found.fingerprint != fingerprint:
        raise Conflict("The lists have changed since you looked. Look at the change again first.")
    put_on_lists(uow, round_id, found.added, found.removed, state=REMOVED, reason=f"taken away by {actor.name}"[:400])
    uow.record.write(
        actor,
        "assignment_changed",
        round_id,
        added=[[str(a), str(m)] for a, m in found.added],
        removed=[[str(a), str(m)] for a, m in found.removed],
    )
    return found
