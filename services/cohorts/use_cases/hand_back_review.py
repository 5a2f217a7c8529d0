"""A reviewer hands an application back: it leaves their list, and the next sharing-out gives it to somebody else."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.phases import DISCUSSION, check_scoring
from services.cohorts.storage.repositories.panels import RECUSED
from services.cohorts.storage.tables import Assignment
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.rank_applications import count_reviews
from services.cohorts.use_cases.read_reviews import member_ids
from shared.errors import Invalid


def hand_back(uow: CohortsUnit, actor: Actor, assignment_id: UUID, reason: str) -> Assignment:
    """Hand an assigned application back, with a reason that only staff see. A review already written stops counting.

    Also in the discussion, where somebody may come to see whom it is about.

    Raises:
        Invalid: there is no reason.
        NotFound: it is not on their list.
        Conflict: reviewing has closed.
    """
    reading = uow.blind.one(assignment_id, member_ids(uow, actor))
    phases = uow.rounds.phases(reading.round_id)
    if phases.at(uow.now) != DISCUSSION:
        check_scoring(phases, uow.now)
    if not reason.strip():
        raise Invalid({"reason": ["Say in a few words why you hand it back."]})
    assignment = uow.assignments.get(assignment_id, lock=True)
    assignment.state, assignment.reason = RECUSED, reason.strip()[:400]
    uow.session.flush()
    count_reviews(uow, assignment.application_id)
    uow.record.write(actor, "review_handed_back", reading.round_id, assignment=str(assignment_id))
    return assignment
