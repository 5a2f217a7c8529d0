"""The applications that a floor binds: their best sets at the reviewers' prices, the others flowing around."""

import numpy as np
from numpy.typing import NDArray

from .choices import Choice, best_choice
from .flow import Marks
from .weights import Market, Weighted


def choices(
    market: Market, target: int, now: Weighted, binding: NDArray[np.bool_], allowed: Marks
) -> dict[int, Choice]:
    """The best set that reaches the target for every application in `binding` (n), at the prices of `now`."""
    p = market.problem
    held = p.held_affinity
    return {
        int(a): best_choice(
            np.where(allowed[a], p.affinity[a] + now.prices, -np.inf),
            p.affinity[a],
            int(p.need[a]),
            target - int(held[a]),
        )
        for a in np.flatnonzero(binding)
    }


def settle(market: Market, now: Weighted, chosen: dict[int, Choice], allowed: Marks) -> Weighted | None:
    """The best assignment in which these applications have exactly these sets; None if loads forbid it."""
    forced, shown = allowed.copy(), now.flow.shown.copy()
    for a, choice in chosen.items():
        forced[a] = False
        forced[a, list(choice.reviewers)] = shown[a, list(choice.reviewers)] = True
    return market.best(None, forced, shown)


def force(
    market: Market, target: int, now: Weighted, binding: NDArray[np.bool_], allowed: Marks
) -> tuple[Weighted | None, dict[int, Choice]]:
    chosen = choices(market, target, now, binding, allowed)
    return settle(market, now, chosen, allowed), chosen
