"""The rubric: criteria with anchored scores, each given with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LOWEST, HIGHEST = 1, 5
REASON_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the rubric. `weight` is relative to the other lines; `anchors` describe 1, 2, 3 ... in order.

    `independent`: to be scored without looking at the others, so that one strong answer does not lift the rest.
    """

    id: str
    label: str
    description: str
    weight: float
    anchors: tuple[str, ...]
    independent: bool = True


def read_rubric(rows: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The rubric from a round's stored copy."""
    return tuple(
        Criterion(
            row["id"],
            row["label"],
            row["description"],
            float(row["weight"]),
            tuple(row["anchors"]),
            bool(row.get("independent", True)),
        )
        for row in rows
    )


def kept_scores(rubric: Sequence[Criterion], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a draft may hold of `given` ({criterion: {"score", "reason"}}): known criteria, no empty lines."""
    kept: dict[str, dict[str, Any]] = {}
    for criterion in rubric:
        line = given.get(criterion.id) or {}
        score, reason = line.get("score"), str(line.get("reason") or "").strip()
        if score is not None or reason:
            kept[criterion.id] = {"score": score, "reason": reason}
    return kept


def draft_problems(rubric: Sequence[Criterion], scores: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What cannot even be saved as a draft, by field (`score-<criterion>`, `reason-<criterion>`)."""
    problems: dict[str, list[str]] = {}
    for criterion in rubric:
        line = scores.get(criterion.id) or {}
        score = line.get("score")
        if score is not None and score not in range(LOWEST, HIGHEST + 1):
            problems[f"score-{criterion.id}"] = [f"Choose a score from {LOWEST} to {HIGHEST}."]
        if len(line.get("reason") or "") > REASON_LIMIT:
            problems[f"reason-{criterion.id}"] = [f"Keep the reason under {REASON_LIMIT:,} characters."]
    return problems


def submit_problems(rubric: Sequence[Criterion], scores: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What is still missing before a review can be handed in, by field."""
    problems = draft_problems(rubric, scores)
    for criterion in rubric:
        line = scores.get(criterion.id) or {}
        if line.get("score") is None:
            problems.setdefault(f"score-{criterion.id}", [f"Give a score for “{criterion.label}”."])
        if not line.get("reason"):
            problems.setdefault(f"reason-{criterion.id}", [f"Say why you gave that score for “{criterion.label}”."])
    return problems


def overall(rubric: Sequence[Criterion], scores: Mapping[str, Mapping[str, Any]]) -> float:
    """The weighted mean of complete scores, from 1 to 5, to four places."""
    weights = {c.id: c.weight for c in rubric}
    total = sum(weights.values()) or 1.0
    return round(sum(weight * float(scores[c]["score"]) for c, weight in weights.items()) / total, 4)
