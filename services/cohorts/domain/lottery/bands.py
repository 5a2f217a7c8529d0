"""Near-ties: for whom a choice is clear, and for whom a few points either way would have changed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.cohorts.domain.selection.choosing import Choice
from services.cohorts.domain.selection.reasons import Explainer, explain


@dataclass(frozen=True)
class Band:
    """Ids: `sure_in` and `sure_out` whatever the lots say; `contested` within `width` points of the other outcome."""

    width: Decimal
    sure_in: tuple[str, ...]
    contested: tuple[str, ...]
    sure_out: tuple[str, ...]


def band(choice: Choice, width: Decimal, only: Iterable[str] | None = None) -> Band:
    """Split the pool around the cut. Under targets the cut is not one score, so each person's own distance counts.

    A person is contested if a change of `width` points to their own score, up or down, could change their outcome.
    People who are pinned, or whom no score could bring in or leave out, are never contested. Whom the proof of the
    choice itself shows to be further away than `width` is not asked about.
    """
    pool, chosen = choice.problem.pool, choice.ids
    asked = sorted(pool.ids if only is None else only)
    explainer = Explainer(choice)
    close = [person for person in asked if pool.points(explainer.at_least(pool.index[person])) <= width]
    reasons = explain(choice, close).reasons
    sides: dict[str, list[str]] = {"in": [], "near": [], "out": []}
    for person in asked:
        points = reasons[person].points if person in reasons else None
        near = points is not None and points <= width
        sides["near" if near else "in" if person in chosen else "out"].append(person)
    return Band(width, tuple(sides["in"]), tuple(sides["near"]), tuple(sides["out"]))
