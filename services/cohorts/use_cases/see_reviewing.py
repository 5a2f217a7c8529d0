"""What staff look after while a panel reads: what was handed back, and what became of reviews already sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain.rubric import read_rubric
from services.cohorts.storage.repositories.panels import RECUSED
from services.cohorts.storage.tables import Application, Assignment, ReviewVersion
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import propose_assignment


@dataclass(frozen=True, slots=True)
class HandedBack:
    """An application that a reviewer gave back, why, and who would read it instead (nobody: it has readers enough)."""

    assignment: Assignment
    application: Application
    reviewer: str
    proposed: tuple[str, ...]
    reviewers: int


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One criterion that a change touched. A score is None where there was none."""

    label: str
    before: int | None
    after: int | None
    reason_before: str
    reason_after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a review after it was first handed in: reopened, handed in again, revised, or abstained from."""

    version: ReviewVersion
    application: Application
    reviewer: str
    before: float | None
    lines: tuple[ChangedLine, ...]


def handed_back(uow: CohortsUnit, round_id: UUID) -> list[HandedBack]:
    """What was handed back, with the readers that the next sharing-out would give it to."""
    rows = [row for row in uow.assignments.handed_back(round_id) if row.state == RECUSED]
    if not rows:
        return []
    names = {member.id: member.name for member in uow.panels.of_round(round_id)}
    applications = uow.applications.some(row.application_id for row in rows)
    proposed: dict[UUID, list[str]] = {}
    for application, member in propose_assignment(uow, round_id).pairs:
        proposed.setdefault(application, []).append(names.get(member, ""))
    return [
        HandedBack(
            row,
            applications[row.application_id],
            names.get(row.panel_member_id, ""),
            tuple(proposed.get(row.application_id, ())),
            len(uow.assignments.of_application(row.application_id)),
        )
        for row in sorted(rows, key=lambda row: row.id, reverse=True)
    ]


def see_changes(uow: CohortsUnit, round_id: UUID) -> list[Change]:
    """Every change of a review that had been handed in, the newest first, with what it changed."""
    labels = {criterion.id: criterion.label for criterion in read_rubric(uow.rounds.get(round_id).rubric)}
    names = {member.id: member.name for member in uow.panels.of_round(round_id)}
    found = []
    for version, assignment, application in uow.reviews.changes(round_id):
        before = _before(uow.reviews.versions(assignment.id), version)
        lines = _lines(before.scores if before else {}, version.scores, labels)
        overall = before.overall if before else None
        found.append(Change(version, application, names.get(assignment.panel_member_id, ""), overall, lines))
    return found


def _before(versions: Sequence[ReviewVersion], version: ReviewVersion) -> ReviewVersion | None:
    """What was last handed in before this."""
    return next((v for v in versions if v.id < version.id and v.action in {"submitted", "revised"}), None)


def _lines(before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]) -> tuple[ChangedLine, ...]:
    lines = []
    for criterion, label in labels.items():
        old, new = before.get(criterion) or {}, after.get(criterion) or {}
        if (old.get("score"), old.get("reason")) != (new.get("score"), new.get("reason")):
            lines.append(
                ChangedLine(label, old.get("score"), new.get("score"), old.get("reason", ""), new.get("reason", ""))
            )
    return tuple(lines)
