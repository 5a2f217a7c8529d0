"""A reviewer's own progress: what is left, until when, and how they have scored so far. Nobody else is in it."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from uuid import UUID

from services.cohorts.domain import review as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.rubric import HIGHEST, LOWEST, Criterion, read_rubric
from services.cohorts.storage.tables import Review
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.read_reviews import PanelList, my_panels

_WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class CriterionUse:
    """How a reviewer has used one criterion: how often each score from 1 to 5, and the mean (None before the first)."""

    criterion: Criterion
    counts: tuple[int, ...]
    mean: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """One panel: `left` is what is neither handed in nor abstained from; `a_week` is the pace that gets it done."""

    panel: PanelList
    submitted: int
    begun: int
    abstained: int
    flagged: int
    left: int
    due_at: datetime | None
    a_week: int | None
    mean: float | None
    uses: tuple[CriterionUse, ...]

    @property
    def member_id(self) -> UUID:
        """The place on the panel."""
        return self.panel.member.id


def see_own_progress(uow: CohortsUnit, actor: Actor) -> list[Progress]:
    """Progress on every panel of a person."""
    return [_progress(uow, panel) for panel in my_panels(uow, actor)]


def _progress(uow: CohortsUnit, panel: PanelList) -> Progress:
    states = Counter(review.state for review in panel.reviews)
    left = len(panel.reviews) - states[rules.SUBMITTED] - states[rules.ABSTAINED]
    due = panel.phases.asked_by
    standing = {listed.assignment_id for listed in panel.reviews}
    own = [row for row in uow.reviews.submitted_by(panel.member.id) if row.assignment_id in standing]
    overalls = [row.overall for row in own if row.overall is not None]
    return Progress(
        panel=panel,
        submitted=states[rules.SUBMITTED],
        begun=states[rules.DRAFT],
        abstained=states[rules.ABSTAINED],
        flagged=sum(review.flagged for review in panel.reviews),
        left=left,
        due_at=due,
        a_week=_pace(left, due, uow.now),
        mean=round(fmean(overalls), 2) if overalls else None,
        uses=tuple(_use(criterion, own) for criterion in read_rubric(panel.round.rubric)),
    )


def _pace(left: int, due: datetime | None, now: datetime) -> int | None:
    """Reviews a week that get it done; None without a date or with nothing left."""
    if due is None or not left or due <= now:
        return None
    return min(left, math.ceil(left / ((due - now).total_seconds() / _WEEK)))


def _use(criterion: Criterion, own: list[Review]) -> CriterionUse:
    scores = [line["score"] for row in own if (line := row.scores.get(criterion.id)) and line.get("score")]
    counts = Counter(scores)
    return CriterionUse(
        criterion,
        tuple(counts[score] for score in range(LOWEST, HIGHEST + 1)),
        round(fmean(scores), 2) if scores else None,
    )
