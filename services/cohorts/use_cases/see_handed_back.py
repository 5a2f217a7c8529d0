"""What reviewers handed back, and who would read it instead."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.storage.repositories.panels import RECUSED
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import Proposal


@dataclass(frozen=True, slots=True)
class HandedBack:
    """One application that somebody handed back, why, and the proposed readers; `covered` where nobody is needed."""

    reference: str
    by: str
    reason: str
    proposed: list[str]
    covered: bool


def see_handed_back(uow: CohortsUnit, round_id: UUID, proposal: Proposal) -> list[HandedBack]:
    """Every application of the pool that was handed back, the ones still in need of a reader first."""
    rows = [row for row in uow.assignments.handed_back(round_id) if row.state == RECUSED]
    pool = {row.id: row.reference for row in uow.applications.pool(round_id)} if rows else {}
    names = {member.id: member.name for member in uow.panels.of_round(round_id)}
    proposed: dict[UUID, list[str]] = {}
    for application, member in proposal.pairs:
        proposed.setdefault(application, []).append(names[member])
    found = [
        HandedBack(
            pool[row.application_id],
            names.get(row.panel_member_id, ""),
            row.reason,
            proposed.get(row.application_id, []),
            row.application_id not in proposed and not proposal.problems,
        )
        for row in rows
        if row.application_id in pool
    ]
    return sorted(found, key=lambda one: (one.covered, one.reference))
