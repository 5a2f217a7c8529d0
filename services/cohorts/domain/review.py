"""A review's life: draft, submitted (reopened until the round's reviewing closes), or abstained."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, pstdev

from shared.errors import Conflict

DRAFT, SUBMITTED, ABSTAINED = "draft", "submitted", "abstained"
COMMENT_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What the submitted reviews of one application come to; None where there are too few to say."""

    count: int
    mean: float | None
    median: float | None
    spread: float | None
    """The population standard deviation of two or more."""


def standing(overalls: Sequence[float]) -> Standing:
    """Summarise the overall scores of an application's submitted reviews."""
    if not overalls:
        return Standing(0, None, None, None)
    spread = round(pstdev(overalls), 4) if len(overalls) > 1 else None
    return Standing(len(overalls), round(fmean(overalls), 4), round(median(overalls), 4), spread)


def check_state(state: str, allowed: Sequence[str]) -> None:
    """Raise Conflict when a review in `state` cannot be edited this way."""
    if state in allowed:
        return
    if state == SUBMITTED:
        raise Conflict("This review is handed in. Reopen it if you want to change it.", code="submitted")
    if state == ABSTAINED:
        raise Conflict("You said you would not score this one. Take that back first.", code="abstained")
    raise Conflict("This review is not handed in yet.", code="draft")
