"""Who may not read what on a round's panel, and where that is known from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.panel import PERSON, Fact, found_conflicts
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit

OWN = "own"
"""Where it is known from that somebody applied themselves: their account."""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One reason why a member may not read something. `applications` counts those of the pool that it keeps away."""

    member: PanelMember
    conflict_id: UUID | None
    kind: str
    shown: str
    source: str
    since: datetime | None
    applications: int
    known_as: str = ""
    """Another name of the organisation, as the register has it."""


def conflicts_of(uow: CohortsUnit, members: Sequence[PanelMember]) -> dict[UUID, list[Fact]]:
    """Each member's conflicts as they are compared, their own application included."""
    rows = uow.panels.conflicts([member.id for member in members])
    return {
        member.id: [
            *([(PERSON, str(member.person_id))] if member.person_id else []),
            *((one.kind, one.value) for one in rows[member.id]),
        ]
        for member in members
    }


def barred_pairs(uow: CohortsUnit, round_id: UUID, members: Sequence[PanelMember]) -> dict[tuple[UUID, UUID], Fact]:
    """Every (application, member) that must not meet, with the conflict that says so."""
    names = uow.organisations.canonical()
    return found_conflicts(uow.applications.candidates(round_id), conflicts_of(uow, members), names)


def see_conflicts(uow: CohortsUnit, round_id: UUID) -> list[ConflictRow]:
    """Every conflict of a round's panel by member, with its source and how many applications it keeps away."""
    members, names = uow.panels.serving(round_id), uow.organisations.canonical()
    rows = uow.panels.conflicts([member.id for member in members])
    each = {(member.id, fact): [fact] for member, facts in _facts(uow, members) for fact in facts}
    found = found_conflicts(uow.applications.candidates(round_id), each, names)
    count = Counter(key for _, key in found)
    shown: list[ConflictRow] = []
    for member in members:
        own = count[(member.id, (PERSON, str(member.person_id)))]
        if own:
            shown.append(ConflictRow(member, None, PERSON, "Their own application", OWN, None, own))
        for row in rows[member.id]:
            known_as = names.get(row.value, "") if row.kind == "organisation" else ""
            applications = count[(member.id, (row.kind, row.value))]
            shown.append(
                ConflictRow(member, row.id, row.kind, row.shown, row.source, row.created_at, applications, known_as)
            )
    return shown


def _facts(uow: CohortsUnit, members: Sequence[PanelMember]) -> list[tuple[PanelMember, list[Fact]]]:
    facts = conflicts_of(uow, members)
    return [(member, facts[member.id]) for member in members]
