"""The best set of reviewers for one application at given prices, its floor respected: a small exact search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_TRIES = 2_000


@dataclass(frozen=True)
class Choice:
    """The best set found (reviewers' positions), and what no set is worth more than."""

    reviewers: tuple[int, ...]
    bound: float


def best_choice(worth: NDArray[np.float64], affinity: NDArray[np.int64], need: int, floor: int) -> Choice:
    """The `need` reviewers of most `worth` whose affinities sum to the floor or more.

    `worth`: (m), minus infinity for a pair that may not be made. The pairs of highest affinity must reach the floor.
    """
    best_value, best = _start(worth, affinity, need)
    order = np.argsort(-worth, kind="stable")
    ranked = worth[order]
    relaxed = float(ranked[:need].sum())
    with_it = ranked[: need - 1].sum() + np.minimum(ranked, ranked[need - 1])
    order = order[with_it > best_value + 1e-9]
    values, gains = worth[order].tolist(), affinity[order].tolist()
    if len(values) < need:
        return Choice(best, best_value)
    best_gain_from = np.maximum.accumulate(np.array(gains)[::-1])[::-1].tolist()
    tries = 0
    stack: list[tuple[int, float, int, tuple[int, ...]]] = [(0, 0.0, 0, ())]
    while stack:
        at, value, gain, picked = stack.pop()
        left = need - len(picked)
        if left == 0:
            if gain >= floor and value > best_value + 1e-9:
                best_value, best = value, tuple(int(order[i]) for i in picked)
            continue
        if (
            at + left > len(values)
            or value + sum(values[at : at + left]) <= best_value + 1e-9
            or gain + left * best_gain_from[at] < floor
        ):
            continue
        tries += 1
        if tries > _TRIES:
            return Choice(best, relaxed)
        stack.append((at + 1, value, gain, picked))
        stack.append((at + 1, value + values[at], gain + gains[at], (*picked, at)))
    return Choice(best, best_value)


def _start(worth: NDArray[np.float64], affinity: NDArray[np.int64], need: int) -> tuple[float, tuple[int, ...]]:
    """The set of highest affinity, which reaches the floor if any does."""
    highest = np.lexsort((-worth, np.where(np.isfinite(worth), -affinity, 1 << 60)))[:need]
    return float(worth[highest].sum()), tuple(highest.tolist())
