"""The search for the highest floor: how high can the worst-served application be served?"""

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from .binding import settle
from .choices import Choice
from .floor import Attempt, attempt
from .flow import Marks
from .sums import best_alone, floor_of, sums, usable
from .swaps import raise_by_swaps
from .weights import Market, Weighted

_TRIES = 6
_SWAPS = 3000
_PROVE_AT_MOST = 1000


@dataclass(frozen=True)
class Highest:
    """The highest floor found, the attempt that reached it, and what no floor is above."""

    floor: int
    attempt: Attempt
    bound: int


def highest_floor(market: Market, plain: Weighted) -> Highest:
    """From the assignment of highest total: first a floor that none can pass, then halves of what is left."""
    p = market.problem
    best, low = plain.flow.chosen, floor_of(p, plain.flow.chosen)
    height = partial(floor_of, p)
    nothing = np.zeros(len(p.need), dtype=np.bool_)
    found: Attempt | None = Attempt(plain, nothing, best, np.inf)
    bound = _simple_bound(market, plain)
    target = top = bound
    for _ in range(_TRIES):
        if low >= top:
            break
        tried = attempt(market, target, plain)
        if tried.reached is None:
            tried = replace(tried, highest=raise_by_swaps(p, max(best, tried.highest, key=height), _SWAPS))
        if floor_of(p, tried.highest) > low:
            best, low = tried.highest, floor_of(p, tried.highest)
            found = tried if tried.reached is not None else None
        if tried.reached is None:
            bound = max(low, min(bound, math.floor(min(tried.no_floor_above, bound))))
            top = min(target - 1, bound)
        target = (low + top + 1) // 2
    if low < bound:
        best, low, bound, found = _prove(market, best, low, bound, found)
    return Highest(low, found or _attempt_from(market, low, plain, best), bound)


def _simple_bound(market: Market, plain: Weighted) -> int:
    """No floor is above what one application could have alone, nor above the mean of the highest total."""
    p = market.problem
    open_ = p.need > 0
    mean = (plain.value + plain.slack + float(p.held_affinity[open_].sum())) / int(open_.sum())
    return min(int(best_alone(p)[open_].min()), math.floor(mean))


def _prove(
    market: Market, best: Marks, low: int, bound: int, found: Attempt | None
) -> tuple[Marks, int, int, Attempt | None]:
    """What is left between the floor found and its bound, by an integer program where that is small."""
    free = usable(market.problem, low + 1) | best
    if free.sum() > _PROVE_AT_MOST:
        return best, low, bound, found
    from .proof import best_floor

    verdict = best_floor(market, free, best)
    if verdict.chosen is not None and floor_of(market.problem, verdict.chosen) > low:
        best, low, found = verdict.chosen, floor_of(market.problem, verdict.chosen), None
    return best, low, low if verdict.proven else bound, found


def _attempt_from(market: Market, low: int, plain: Weighted, best: Marks) -> Attempt:
    """A priced answer for a floor known to be reachable: priced anew, or grown around the pairs that reach it."""
    p = market.problem
    again = attempt(market, low, plain)
    if again.reached is not None:
        return again
    now, binding = plain, np.zeros(len(p.need), dtype=np.bool_)
    while True:
        missed = (p.need > 0) & (sums(p, now.flow.chosen) < low)
        if not missed.any():
            return Attempt(now, binding, now.flow.chosen, np.inf)
        binding = binding | missed
        kept = {int(a): Choice(tuple(np.flatnonzero(best[a]).tolist()), 0.0) for a in np.flatnonzero(binding)}
        following = settle(market, now, kept, p.allowed)
        if following is None:
            raise ArithmeticError("Pairs known to fit do not fit")
        now = following
