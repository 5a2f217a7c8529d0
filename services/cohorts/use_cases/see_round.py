"""What staff see first of a round: how far each part has come."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from services.cohorts.storage.tables import Cohort, Conflict, PanelMember, Release, Round, RoundPlan, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """One panel member's list: how long, and how far read."""

    member: PanelMember
    load: int
    submitted: int
    begun: int
    abstained: int
    conflicts: list[Conflict]


@dataclass(frozen=True, slots=True)
class Overview:
    """A round at a glance. `figures`: applications, withdrawn, scored, reviewed, reviews, flagged."""

    round: Round
    plan: RoundPlan
    figures: Row[Any]
    members: list[MemberProgress]
    runs: list[SelectionRun]
    release: Release | None
    outcomes: dict[str, int]
    offers: dict[str, int]
    cohort: Cohort | None
    participants: int

    @property
    def assigned(self) -> int:
        """Reviews on somebody's list."""
        return sum(member.load for member in self.members)


def see_round(uow: CohortsUnit, round_id: UUID) -> Overview:
    """The round at a glance; raises NotFound."""
    round_ = uow.rounds.get(round_id)
    release = uow.releases.of_round(round_id)
    cohort = uow.cohorts.of_round(round_id)
    return Overview(
        round=round_,
        plan=uow.rounds.plan(round_id),
        figures=uow.applications.figures(round_id),
        members=see_panel(uow, round_id),
        runs=uow.runs.of_round(round_id),
        release=release,
        outcomes=uow.releases.counts(release.id) if release else {},
        offers=uow.offers.counts(round_id),
        cohort=cohort,
        participants=uow.cohorts.size(cohort.id) if cohort else 0,
    )


def see_panel(uow: CohortsUnit, round_id: UUID) -> list[MemberProgress]:
    """The panel with everybody's progress."""
    members = uow.panels.of_round(round_id)
    loads, progress = uow.assignments.loads(round_id), uow.reviews.progress(round_id)
    conflicts = uow.panels.conflicts([member.id for member in members])
    return [
        MemberProgress(member, loads.get(member.id, 0), *progress.get(member.id, (0, 0, 0)), conflicts[member.id])
        for member in members
    ]
