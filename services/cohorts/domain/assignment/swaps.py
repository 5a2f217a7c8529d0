"""Raising the worst-served application by swaps of one reviewer with another application; loads stay as they are.

For rounds where all want the same few reviewers: no price makes many equal claims whole, but swaps share them out.
"""

import numpy as np

from .flow import Marks
from .problem import Problem
from .sums import sums


def raise_by_swaps(problem: Problem, chosen: Marks, limit: int) -> Marks:
    """At most `limit` swaps, each lifting the worst-served application as far as it can go without a new worst."""
    chosen = chosen.copy()
    reach = np.where(problem.need > 0, sums(problem, chosen), np.iinfo(np.int64).max)
    for _ in range(limit):
        worst = int(reach.argmin())
        found = _best_swap(problem, chosen, reach, worst)
        if found is None:
            break
        mine, other, theirs = found
        chosen[worst, mine] = chosen[other, theirs] = False
        chosen[worst, theirs] = chosen[other, mine] = True
        affinity = problem.affinity
        reach[worst] += affinity[worst, theirs] - affinity[worst, mine]
        reach[other] += affinity[other, mine] - affinity[other, theirs]
    return chosen


def _best_swap(problem: Problem, chosen: Marks, reach: np.ndarray, worst: int) -> tuple[int, int, int] | None:
    """(reviewer given, application, reviewer got): the swap with the highest lower end that helps, if there is one."""
    affinity, free = problem.affinity, problem.allowed & ~chosen
    others, theirs = np.nonzero(chosen & free[worst])
    best, found = int(reach[worst]), None
    for mine in np.flatnonzero(chosen[worst]).tolist():
        possible = free[others, mine]
        after_mine = reach[worst] - affinity[worst, mine] + affinity[worst, theirs]
        after_theirs = reach[others] - affinity[others, theirs] + affinity[others, mine]
        lower = np.where(possible, np.minimum(after_mine, after_theirs), np.iinfo(np.int64).min)
        if len(lower) and lower[at := int(lower.argmax())] > best:
            best, found = int(lower[at]), (mine, int(others[at]), int(theirs[at]))
    return found
