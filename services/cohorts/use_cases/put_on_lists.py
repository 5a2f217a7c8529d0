"""Change what is on whose list, and tell those whose list has grown."""

from collections.abc import Collection, Iterable
from uuid import UUID

from services.cohorts.domain.panel import LEFT
from services.cohorts.domain.phases import SCORING
from services.cohorts.storage.repositories.panels import ASSIGNED, MOVED
from services.cohorts.storage.tables import Assignment
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_application import RECEIVED
from services.cohorts.use_cases.rank_applications import count_reviews
from services.cohorts.use_cases.remind_reviewers import expect_start
from services.cohorts.use_cases.tell_reviewers import tell_reviewer
from shared.contracts.cohorts import ApplicationProgressed

UNDER_REVIEW = "under_review"
Pair = tuple[UUID, UUID]
"""An application and a panel member."""


def put_on_lists(
    uow: CohortsUnit,
    round_id: UUID,
    added: Collection[Pair],
    removed: Collection[Pair] = (),
    *,
    state: str = MOVED,
    reason: str = "given to somebody else",
) -> None:
    """Add and remove pairs; removed ones get this `state` and `reason`, and their reviews no longer count."""
    known = uow.assignments.of_pairs(round_id)
    for pair in removed:
        known[pair].state, known[pair].reason = state, reason
    for pair in added:
        _put(uow, round_id, pair, known.get(pair))
    uow.session.flush()
    begun = uow.reviews.begun(round_id)
    touched = {pair for pair in (*added, *removed) if pair in known and known[pair].id in begun}
    for application in sorted({application for application, _ in touched}):
        count_reviews(uow, application)
    _tell_members(uow, round_id, {member for _, member in added})
    _tell_applicants(uow, (application for application, _ in added))


def _put(uow: CohortsUnit, round_id: UUID, pair: Pair, row: Assignment | None) -> None:
    if row is None:
        row = Assignment(round_id=round_id, application_id=pair[0], panel_member_id=pair[1])
        uow.assignments.add(row)
    row.state, row.reason, row.assigned_at = ASSIGNED, "", uow.now


def _tell_members(uow: CohortsUnit, round_id: UUID, member_ids: set[UUID]) -> None:
    """Now, if there is something to read now; those with a list hear of it when scoring opens otherwise."""
    scoring = uow.rounds.phases(round_id).at(uow.now) == SCORING
    for member in uow.panels.of_round(round_id):
        if scoring and member.id in member_ids and member.state != LEFT:
            tell_reviewer(uow, member)
            expect_start(uow, member)


def _tell_applicants(uow: CohortsUnit, application_ids: Iterable[UUID]) -> None:
    for row in uow.applications.some(application_ids, lock=True).values():
        if row.stage == RECEIVED:
            row.stage = UNDER_REVIEW
            uow.publish(
                ApplicationProgressed(
                    application_id=row.id, round_id=row.round_id, person_id=row.person_id, stage=UNDER_REVIEW
                )
            )
