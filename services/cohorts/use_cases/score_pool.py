"""Which score people are chosen by, and the pool as the engines take it."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain import choosing
from services.cohorts.domain.blend import Weights, blended
from services.cohorts.domain.choosing import Attribute, Candidate
from services.cohorts.domain.rubric import HIGHEST, LOWEST
from services.cohorts.storage.tables import Application
from services.cohorts.storage.unit_of_work import CohortsUnit

RAW, ADJUSTED = "raw", "adjusted"


@dataclass(frozen=True, slots=True)
class ScoredPool:
    """Everybody with every score that counts; `scores` says which review scores are in the blend: raw or adjusted."""

    attributes: tuple[Attribute, ...]
    candidates: tuple[Candidate, ...]
    ids: dict[str, UUID]
    unscored: int
    scores: str


def score_pool(uow: CohortsUnit, round_id: UUID) -> ScoredPool:
    """The round's pool by the published blend, two decimal places; raises NotFound.

    Adjusted review scores count when calibration has one for everybody who has a review; else raw ones do, for all
    alike, so that nobody is compared by another measure than their neighbour.
    """
    attributes = choosing.read_attributes(uow.rounds.get(round_id).attributes)
    pool, keys = uow.applications.pool(round_id), uow.applications.keys(round_id)
    rows = [(row, row.blended) for row in pool if row.blended is not None]
    adjusted = _adjusted(uow, round_id, [row for row, _ in rows])
    candidates = tuple(_candidate(row, adjusted.get(row.id, score), keys.get(row.id, "")) for row, score in rows)
    return ScoredPool(
        attributes,
        candidates,
        {row.reference: row.id for row, _ in rows},
        len(pool) - len(rows),
        ADJUSTED if adjusted else RAW,
    )


def _adjusted(uow: CohortsUnit, round_id: UUID, rows: list[Application]) -> dict[UUID, float]:
    """The blend with adjusted review scores; empty where they do not count for all."""
    plan = uow.rounds.plan(round_id)
    means = {
        application.id: min(max(score.adjusted, LOWEST), HIGHEST)
        for application, score in uow.calibrations.scores(round_id)
        if score.adjusted is not None
    }
    if not means or not plan.review_weight or any(row.review_count and row.id not in means for row in rows):
        return {}
    weights = Weights(plan.priority_weight, plan.review_weight, plan.priority_top)
    found = {row.id: blended(row.priority_score, means.get(row.id, row.review_mean), weights) for row in rows}
    return {id: score for id, score in found.items() if score is not None}


def _candidate(row: Application, score: float, organisation: str) -> Candidate:
    return Candidate(row.reference, round(score, 2), row.attributes, organisation)
