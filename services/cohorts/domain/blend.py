"""The published blend of priority score and reviews: one figure from 0 to 100."""

from dataclasses import dataclass

from services.cohorts.domain.rubric import HIGHEST, LOWEST


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts, and the round's highest priority score, which counts as 100."""

    priority: int
    review: int
    top: float


def blended(priority: float | None, review_mean: float | None, weights: Weights) -> float | None:
    """The blended score, or None while a part that counts is missing."""
    parts = ((weights.priority, priority_part(priority, weights.top)), (weights.review, review_part(review_mean)))
    counted = [(weight, part) for weight, part in parts if weight > 0]
    if not counted or any(part is None for _, part in counted):
        return None
    total = sum(weight for weight, _ in counted)
    return round(sum(weight * (part or 0.0) for weight, part in counted) / total, 4)


def priority_part(score: float | None, top: float) -> float | None:
    """A priority score as a share of the round's highest, 0 to 100; below nought counts as nought."""
    if score is None:
        return None
    return max(0.0, score) / top * 100 if top > 0 else 0.0


def review_part(mean: float | None) -> float | None:
    """A review mean of 1 to 5, as 0 to 100."""
    return None if mean is None else (mean - LOWEST) / (HIGHEST - LOWEST) * 100
