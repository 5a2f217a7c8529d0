"""Share out a round's applications among its panel: looked at first, then applied exactly as it was seen."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.assignment import Assignment as Shared
from services.cohorts.domain.assignment import assign
from services.cohorts.domain.panel import LEFT, conflict_pairs
from services.cohorts.storage.repositories.panels import ASSIGNED
from services.cohorts.storage.tables import Application, Assignment, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_application import RECEIVED
from services.cohorts.use_cases.tell_reviewers import tell_reviewer
from shared.contracts.cohorts import ApplicationProgressed
from shared.errors import Conflict

UNDER_REVIEW = "under_review"
_SAME_LANGUAGE = 1.0


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """What an assignment does to one member's list."""

    member: PanelMember
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """An assignment to look at. `fingerprint` names it when it is applied; `problems` say why there is none."""

    pairs: tuple[tuple[UUID, UUID], ...]
    loads: tuple[MemberLoad, ...]
    applications: int
    per_application: int
    conflicts: int
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    optimal: bool
    fingerprint: str


def propose_assignment(uow: CohortsUnit, round_id: UUID) -> Proposal:
    """The best way to bring every application of the pool to its number of reviews, keeping what is given out."""
    plan, pool = uow.rounds.plan(round_id), uow.applications.pool(round_id)
    members = uow.panels.serving(round_id)
    standing = uow.assignments.current(round_id)
    barred = _barred(uow, round_id, members)
    before = Counter(a.panel_member_id for a in standing)
    problems = _nothing_to_share(pool, members)
    need = _need(pool, members, standing, plan.reviews_per_application)
    if problems or not any(need.values()):
        loads = tuple(MemberLoad(m, before[m.id], before[m.id]) for m in members)
        return Proposal((), loads, len(pool), plan.reviews_per_application, len(barred), problems, (), True, "")
    found = _solve(pool, members, standing, barred, need)
    pairs = tuple(sorted((UUID(pair.application), UUID(pair.reviewer)) for pair in found.added))
    after = before + Counter(member for _, member in pairs)
    return Proposal(
        pairs=pairs if found.feasible else (),
        loads=tuple(MemberLoad(m, before[m.id], after[m.id]) for m in members),
        applications=len(pool),
        per_application=plan.reviews_per_application,
        conflicts=len(barred),
        problems=tuple(_readable(clash.message, pool, members) for clash in found.clashes),
        notes=tuple(_readable(note, pool, members) for note in found.notes),
        optimal=found.optimal,
        fingerprint=_fingerprint(pairs),
    )


def _barred(uow: CohortsUnit, round_id: UUID, members: Sequence[PanelMember]) -> set[tuple[UUID, UUID]]:
    """Conflicts, and what was handed back or taken away: nobody gets the same application twice."""
    conflicts = uow.panels.conflicts([member.id for member in members])
    pairs = conflict_pairs(
        uow.applications.candidates(round_id),
        {member: [(one.kind, one.value) for one in rows] for member, rows in conflicts.items()},
    )
    returned = [(a.application_id, a.panel_member_id) for a in uow.assignments.handed_back(round_id)]
    return {*pairs, *returned}


def _nothing_to_share(pool: Sequence[Application], members: Sequence[PanelMember]) -> tuple[str, ...]:
    problems = []
    if not pool:
        problems.append("There are no applications in this round yet.")
    if not members:
        problems.append("There is nobody on the panel yet. Invite reviewers first.")
    return tuple(problems)


def _need(
    pool: Sequence[Application], members: Sequence[PanelMember], standing: Sequence[Assignment], wanted: int
) -> dict[str, int]:
    """Reviews that each application needs from those who serve now; what others did before leaving counts."""
    serving = {member.id for member in members}
    done = Counter(a.application_id for a in standing if a.panel_member_id not in serving)
    held = Counter(a.application_id for a in standing if a.panel_member_id in serving)
    return {str(a.id): max(wanted - done[a.id], held[a.id]) for a in pool}


def _solve(
    pool: Sequence[Application],
    members: Sequence[PanelMember],
    standing: Sequence[Assignment],
    barred: set[tuple[UUID, UUID]],
    need: dict[str, int],
) -> Shared:
    serving = {member.id for member in members}
    return assign(
        [str(a.id) for a in pool],
        [str(m.id) for m in members],
        per_application=need,
        conflicts=[(str(a), str(m)) for a, m in sorted(barred)],
        affinities={(str(a.id), str(m.id)): _SAME_LANGUAGE for a in pool for m in members if a.language == m.language},
        capacity={str(m.id): m.capacity for m in members},
        existing=[(str(a.application_id), str(a.panel_member_id)) for a in standing if a.panel_member_id in serving],
    )


def _readable(message: str, pool: Sequence[Application], members: Sequence[PanelMember]) -> str:
    """References and names in place of the numbers that the engine was given."""
    for application in pool:
        message = message.replace(str(application.id), application.reference)
    for member in members:
        message = message.replace(str(member.id), member.name)
    return message


def _fingerprint(pairs: Sequence[tuple[UUID, UUID]]) -> str:
    return hashlib.sha256("|".join(f"{a}>{m}" for a, m in pairs).encode()).hexdigest()[:24]


def apply_assignment(uow: CohortsUnit, actor: Actor, round_id: UUID, fingerprint: str) -> int:
    """Put the proposal that was looked at on the members' lists; how many reviews were given out.

    Raises:
        Conflict: the pool or the panel has changed since, so that it would not be what was seen.
    """
    uow.rounds.plan(round_id, lock=True)
    proposal = propose_assignment(uow, round_id)
    if not proposal.pairs or proposal.fingerprint != fingerprint:
        raise Conflict("The applications or the panel have changed since you looked. Look at the new proposal first.")
    uow.assignments.add(
        *(
            Assignment(
                round_id=round_id,
                application_id=application,
                panel_member_id=member,
                state=ASSIGNED,
                reason="",
                assigned_at=uow.now,
            )
            for application, member in proposal.pairs
        )
    )
    uow.session.flush()
    _tell(uow, proposal)
    uow.record.write(actor, "reviews_assigned", round_id, reviews=len(proposal.pairs), fingerprint=fingerprint)
    return len(proposal.pairs)


def _tell(uow: CohortsUnit, proposal: Proposal) -> None:
    for load in proposal.loads:
        if load.after > load.before and load.member.state != LEFT:
            tell_reviewer(uow, load.member)
    for row in uow.applications.some((application for application, _ in proposal.pairs), lock=True).values():
        if row.stage == RECEIVED:
            row.stage = UNDER_REVIEW
            uow.publish(
                ApplicationProgressed(
                    application_id=row.id, round_id=row.round_id, person_id=row.person_id, stage=UNDER_REVIEW
                )
            )
