"""How many reviews each reviewer may get: within one of each other, or else as even as can be.

When the even loads cannot be had, the loads of least sum of squares are taken. They have the smallest highest load, the
largest lowest load and so the smallest difference, and all of them lie in one box per group of reviewers with
the same group totals (Frank and Murota, "Decreasing minimization on M-convex sets", 2022): the groups below.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Loads = NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    """Bounds on *new* reviews: `lower` and `upper` (m), the `group` of each reviewer (m), new reviews per group."""

    lower: Loads
    upper: Loads
    group: Loads
    totals: Loads


def even_bounds(held: Loads, capacity: Loads, total_new: int) -> Bounds | None:
    """Every load, held reviews included, within one of the others; None where capacities or held reviews forbid it."""
    level, extra = divmod(int(held.sum()) + total_new, len(held))
    lower = np.maximum(level - held, 0)
    upper = np.minimum(level + (extra > 0), capacity) - held
    if (upper < lower).any() or upper.sum() < total_new or lower.sum() > total_new:
        return None
    return Bounds(lower, upper, np.zeros(len(held), dtype=np.int64), np.array([total_new], dtype=np.int64))


def bounds_of_least_squares(load: Loads, held: Loads, capacity: Loads, gives: NDArray[np.bool_]) -> Bounds:
    """The box and groups around one load vector of least sum of squares.

    `gives[r, s]`: a review can pass from r to s, perhaps by way of others. From the highest load down, those
    with it and those with room that it could pass to form a group: none of their reviews can go elsewhere.
    """
    group = np.full(len(load), -1, dtype=np.int64)
    lower, upper = np.empty_like(load), np.empty_like(load)
    takes = gives & (load < capacity)[None, :]
    number = 0
    while (group < 0).any():
        open_ = group < 0
        top = load[open_].max()
        seeds = open_ & (load == top)
        members = open_ & (seeds | takes[seeds].any(axis=0))
        lower[members], upper[members] = top - 1, np.minimum(top, capacity[members])
        group[members] = number
        number += 1
    new = load - held
    return Bounds(
        np.maximum(lower - held, 0),
        upper - held,
        group,
        np.bincount(group, weights=new, minlength=number).astype(np.int64),
    )
