"""Edit a round's rubric, until scoring begins."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.halo import Halo, halo
from services.cohorts.domain.rubric import Criterion, read_rubric
from services.cohorts.domain.rubric_editing import Wanted, checked_rubric
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Stale


@dataclass(frozen=True, slots=True)
class RubricView:
    """A round's rubric, whether it may still change, and (once there are reviews) what its scores do together."""

    criteria: tuple[Criterion, ...]
    revision: int
    frozen: bool
    halo: Halo
    names: dict[UUID, str]


def see_rubric(uow: CohortsUnit, round_id: UUID) -> RubricView:
    """The rubric of a round; raises NotFound."""
    round_ = uow.rounds.get(round_id)
    criteria = read_rubric(round_.rubric)
    independent = [criterion.id for criterion in criteria if criterion.independent]
    return RubricView(
        criteria,
        round_.rubric_revision,
        uow.reviews.scoring_begun(round_id),
        halo(uow.reviews.scores_of_round(round_id), independent),
        {member.id: member.name for member in uow.panels.of_round(round_id)},
    )


def edit_rubric(
    uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Sequence[Wanted], revision: int | None
) -> RubricView:
    """Put this rubric in place of the one that was seen at `revision`.

    Raises:
        Invalid: a criterion is not complete, by field.
        Conflict: somebody has begun to score by it (code frozen).
        Stale: somebody else has edited it since.
    """
    uow.rounds.plan(round_id, lock=True)
    round_ = uow.rounds.get(round_id)
    if uow.reviews.scoring_begun(round_id):
        raise Conflict("Scoring has begun, so the rubric stands: everybody is scored by the same words.", code="frozen")
    if revision is not None and revision != round_.rubric_revision:
        raise Stale("Somebody has changed the rubric since you opened it. Look at it again first.")
    criteria = checked_rubric(wanted)
    round_.rubric = [{**asdict(criterion), "anchors": list(criterion.anchors)} for criterion in criteria]
    round_.rubric_revision += 1
    uow.session.flush()
    uow.record.write(
        actor, "rubric_edited", round_id, revision=round_.rubric_revision, criteria=[c.id for c in criteria]
    )
    return see_rubric(uow, round_id)
