"""Share out a round's applications among its panel: looked at first, then applied exactly as it was seen."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from services.cohorts.domain import affinity
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.assignment import Assignment as Shared
from services.cohorts.domain.assignment import Progress, assign, quiet, rebalance
from services.cohorts.domain.panel import Fact
from services.cohorts.storage.repositories.drafts import READY
from services.cohorts.storage.tables import Application, Assignment, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.put_on_lists import Pair, put_on_lists
from services.cohorts.use_cases.see_conflicts import barred_pairs
from shared.errors import Conflict, Invalid

TOP_UP, REBALANCE, WHOLE = "top_up", "rebalance", "whole"
MODES = (TOP_UP, REBALANCE, WHOLE)
"""Keep every list and add to it; move as little as possible; share everything out anew. Begun reviews never move."""


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """What an assignment does to one member's list: its length, what leaves it and what comes."""

    member: PanelMember
    before: int
    after: int
    removed: int = 0
    added: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """An assignment to look at. `fingerprint` names it when it is applied; `problems` say why there is none.

    `pairs` come onto lists, `removed` leave them. `unreadable` counts those among `pairs` whose reviewer does not read
    the application's language. `total_affinity` and `minimum_affinity` are those of everything on lists afterwards.
    """

    mode: str
    pairs: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    loads: tuple[MemberLoad, ...]
    applications: int
    per_application: int
    conflicts: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    optimal: bool
    fingerprint: str
    unreadable: int = 0
    total_affinity: float = 0.0
    minimum_affinity: float = 0.0

    @property
    def changes(self) -> bool:
        """Whether there is anything to apply."""
        return bool(self.pairs or self.removed)


class Situation:
    """Everything that sharing out looks at, read once."""

    def __init__(self, uow: CohortsUnit, round_id: UUID) -> None:
        self.wanted = uow.rounds.plan(round_id).reviews_per_application
        self.pool: list[Application] = uow.applications.pool(round_id)
        self.members: list[PanelMember] = uow.panels.serving(round_id)
        here = {member.id for member in self.members}
        inside = {application.id for application in self.pool}
        current: list[Assignment] = [a for a in uow.assignments.current(round_id) if a.application_id in inside]
        begun = uow.reviews.begun(round_id)
        self.standing: set[Pair] = {_pair(a) for a in current if a.panel_member_id in here}
        self.begun: set[Pair] = {_pair(a) for a in current if a.panel_member_id in here and a.id in begun}
        self.done_before: Counter[UUID] = Counter(a.application_id for a in current if a.panel_member_id not in here)
        """Reviews by those who have left: they stay and count."""
        self.conflicts: Mapping[Pair, Fact] = barred_pairs(uow, round_id, self.members)
        self.begun -= self.conflicts.keys()
        self.kept: set[Pair] = self.standing - self.conflicts.keys()
        self.returned: set[Pair] = {_pair(a) for a in uow.assignments.handed_back(round_id)}
        self.labels = {
            (one["id"], value["value"]): str(value["label"])
            for one in uow.rounds.get(round_id).attributes
            for value in one.get("values") or ()
        }

    @property
    def size(self) -> int:
        """How many pairs there are to look at."""
        return len(self.pool) * len(self.members)

    @cached_property
    def hash(self) -> str:
        """Names everything that a proposal follows from: the same hash, the same proposal."""
        members = [(m.id, m.capacity, m.language, m.languages, m.expertise) for m in self.members]
        applications = [(a.id, a.language, a.attributes) for a in self.pool]
        lists = [sorted(pairs) for pairs in (self.standing, self.begun, self.barred)]
        seen = repr((self.wanted, members, applications, lists, sorted(self.done_before.items())))
        return hashlib.sha256(seen.encode()).hexdigest()[:32]

    @property
    def barred(self) -> set[Pair]:
        """Conflicts, and what was handed back or taken away: nobody is given the same application twice."""
        return {*self.conflicts, *self.returned}

    @cached_property
    def suits(self) -> tuple[list[affinity.Suited], list[affinity.Suited]]:
        """What applications and members are matched by, in the order of `pool` and `members`."""
        applications = [affinity.application(a.language, a.attributes, self.labels) for a in self.pool]
        return applications, [affinity.reviewer(m.language, m.languages, m.expertise) for m in self.members]

    def unreadable(self, pairs: Collection[Pair]) -> int:
        """How many of these pairs have no language in common."""
        applications = dict(zip((a.id for a in self.pool), self.suits[0], strict=True))
        members = dict(zip((m.id for m in self.members), self.suits[1], strict=True))
        return sum(not applications[a].languages & members[m].languages for a, m in pairs)

    def loads(self, added: Collection[Pair], removed: Collection[Pair]) -> tuple[MemberLoad, ...]:
        """What these changes do to every list."""
        before, more, less = (Counter(m for _, m in pairs) for pairs in (self.standing, added, removed))
        return tuple(
            MemberLoad(m, before[m.id], before[m.id] + more[m.id] - less[m.id], less[m.id], more[m.id])
            for m in self.members
        )

    def readable(self, message: str) -> str:
        """References and names in place of the numbers that the engine was given."""
        for application in self.pool:
            message = message.replace(str(application.id), application.reference)
        for member in self.members:
            message = message.replace(str(member.id), member.name)
        return message


def _pair(row: Assignment) -> Pair:
    return row.application_id, row.panel_member_id


def propose_assignment(uow: CohortsUnit, round_id: UUID, mode: str = TOP_UP) -> Proposal:
    """The best way to bring every application of the pool to its number of reviews.

    Raises:
        Invalid: there is no such mode.
    """
    check_mode(mode)
    return work_out(Situation(uow, round_id), mode)


def check_mode(mode: str) -> None:
    """Raise Invalid for a way to share out that there is not."""
    if mode not in MODES:
        raise Invalid({"mode": ["Choose how to share out: top_up, rebalance or whole."]})


def work_out(now: Situation, mode: str, progress: Progress = quiet) -> Proposal:
    """The best change of a situation. Needs no database, so that it can take its time."""
    problems = _nothing_to_share(now.pool, now.members)
    need = _need(now, now.kept if mode == TOP_UP else now.begun)
    if problems or not any(need.values()):
        return _nothing(now, mode, problems)
    found = _solve(now, mode, need, progress)
    after = {(UUID(pair.application), UUID(pair.reviewer)) for pair in found.pairs} if found.feasible else now.standing
    added, removed = tuple(sorted(after - now.standing)), tuple(sorted(now.standing - after))
    return Proposal(
        mode=mode,
        pairs=added,
        removed=removed,
        loads=now.loads(added, removed),
        applications=len(now.pool),
        per_application=now.wanted,
        conflicts=len(now.barred),
        problems=tuple(now.readable(clash.message) for clash in found.clashes),
        notes=tuple(now.readable(note) for note in found.notes),
        optimal=found.optimal,
        fingerprint=_fingerprint(mode, added, removed),
        unreadable=now.unreadable(added),
        total_affinity=found.total_affinity,
        minimum_affinity=found.minimum_affinity,
    )


def kept_proposal(uow: CohortsUnit, now: Situation, round_id: UUID, mode: str) -> Proposal | None:
    """What was worked out in the background for exactly this situation, if it was."""
    row = uow.drafts.find(round_id, mode)
    if row is None or row.state != READY or row.situation != now.hash:
        return None
    kept = row.result
    added, removed = (tuple((UUID(a), UUID(m)) for a, m in kept[name]) for name in ("pairs", "removed"))
    return Proposal(
        mode=mode,
        pairs=added,
        removed=removed,
        loads=now.loads(added, removed),
        applications=len(now.pool),
        per_application=now.wanted,
        conflicts=len(now.barred),
        problems=tuple(kept["problems"]),
        notes=tuple(kept["notes"]),
        optimal=kept["optimal"],
        fingerprint=kept["fingerprint"],
        unreadable=kept["unreadable"],
        total_affinity=kept["total_affinity"],
        minimum_affinity=kept["minimum_affinity"],
    )


def as_kept(proposal: Proposal) -> dict[str, Any]:
    """What is kept of a proposal."""
    return {
        "pairs": [[str(a), str(m)] for a, m in proposal.pairs],
        "removed": [[str(a), str(m)] for a, m in proposal.removed],
        "problems": list(proposal.problems),
        "notes": list(proposal.notes),
        "optimal": proposal.optimal,
        "fingerprint": proposal.fingerprint,
        "unreadable": proposal.unreadable,
        "total_affinity": proposal.total_affinity,
        "minimum_affinity": proposal.minimum_affinity,
    }


def _nothing(now: Situation, mode: str, problems: tuple[str, ...]) -> Proposal:
    return Proposal(mode, (), (), now.loads((), ()), len(now.pool), now.wanted, len(now.barred), problems, (), True, "")


def _nothing_to_share(pool: Sequence[Application], members: Sequence[PanelMember]) -> tuple[str, ...]:
    problems = []
    if not pool:
        problems.append("There are no applications in this round yet.")
    if not members:
        problems.append("There is nobody on the panel yet. Invite reviewers first.")
    return tuple(problems)


def _need(now: Situation, kept: Collection[Pair]) -> dict[str, int]:
    """Reviews that each application needs from those who serve now; what others did before leaving counts."""
    held = Counter(application for application, _ in kept)
    return {str(a.id): max(now.wanted - now.done_before[a.id], held[a.id]) for a in now.pool}


def _solve(now: Situation, mode: str, need: dict[str, int], progress: Progress) -> Shared:
    applications, members = [str(a.id) for a in now.pool], [str(m.id) for m in now.members]
    conflicts, capacity = _named(now.barred), {str(m.id): m.capacity for m in now.members}
    table = affinity.affinity_table(*now.suits)
    if mode == REBALANCE:
        return rebalance(
            applications,
            members,
            _named(now.standing),
            per_application=need,
            conflicts=conflicts,
            affinities=table,
            capacity=capacity,
            pinned=_named(now.begun),
            progress=progress,
        ).assignment
    return assign(
        applications,
        members,
        per_application=need,
        conflicts=conflicts,
        affinities=table,
        capacity=capacity,
        existing=_named(now.kept if mode == TOP_UP else now.begun),
        progress=progress,
    )


def _named(pairs: Collection[Pair]) -> list[tuple[str, str]]:
    return [(str(application), str(member)) for application, member in sorted(pairs)]


def _fingerprint(mode: str, added: Sequence[Pair], removed: Sequence[Pair]) -> str:
    said = "|".join([mode, *(f"+{a}>{m}" for a, m in added), *(f"-{a}>{m}" for a, m in removed)])
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def apply_assignment(uow: CohortsUnit, actor: Actor, round_id: UUID, fingerprint: str, mode: str = TOP_UP) -> int:
    """Put the proposal that was looked at on the members' lists; how many reviews were given out.

    Raises:
        Conflict: the pool or the panel has changed since, so that it would not be what was seen.
    """
    check_mode(mode)
    uow.rounds.plan(round_id, lock=True)
    now = Situation(uow, round_id)
    proposal = kept_proposal(uow, now, round_id, mode) or work_out(now, mode)
    if not proposal.changes or proposal.fingerprint != fingerprint:
        raise Conflict("The applications or the panel have changed since you looked. Look at the new proposal first.")
    put_on_lists(uow, round_id, proposal.pairs, proposal.removed)
    uow.record.write(
        actor,
        "reviews_assigned",
        round_id,
        reviews=len(proposal.pairs),
        moved=len(proposal.removed),
        mode=mode,
        fingerprint=fingerprint,
    )
    return len(proposal.pairs)
