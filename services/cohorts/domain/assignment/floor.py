"""The highest floor first: no application's summed affinity below it; then the highest total.

A floor is a side constraint on a flow, so it is priced: applications below it weigh more (Lagrangian relaxation). Each
step gives every such application the least weight with which, at the present prices of reviewers, it would choose a
set that reaches the floor; a few flows suffice. Where a floor cannot be reached, the weights themselves bound it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .binding import force
from .flow import Costs, Marks
from .problem import Problem
from .sums import floor_of, sums, usable
from .weights import Market, Weighted, Weights

_HEAVIEST = 1000.0
_STEPS = 12
_FORCE_AT, _FORCED_ROUNDS = (3, 8, 11), 3
_FORCE_AT_MOST = 300


@dataclass(frozen=True)
class Attempt:
    """Tries at one floor: the flow that reaches it (None if none did) and which applications had to weigh more (n).

    `highest` are the pairs whose own floor was highest, `no_floor_above` what the weights proved.
    """

    reached: Weighted | None
    weighed: NDArray[np.bool_]
    highest: Marks
    no_floor_above: float


def attempt(market: Market, target: int, start: Weighted) -> Attempt:
    """Weigh the applications below the target until all reach it, or until steps or weights run out."""
    p = market.problem
    allowed = usable(p, target)
    now, highest = start, start.flow.chosen
    pushed = np.zeros(len(p.need))
    for step in range(_STEPS):
        missed = (p.need > 0) & (sums(p, now.flow.chosen) < target)
        if not missed.any():
            return Attempt(now, now.weights > 0, now.flow.chosen, np.inf)
        if step in _FORCE_AT and (forced := _forced(market, target, now, missed, allowed)) is not None:
            return forced
        weights = _weights(p, target, now, allowed, pushed)
        pushed += missed
        if weights.max() >= _HEAVIEST:
            break
        following = market.best(weights, allowed, now.flow.shown)
        if following is None:
            return Attempt(None, weights > 0, highest, target - 1)
        now = following
        highest = max(highest, now.flow.chosen, key=lambda chosen: floor_of(p, chosen))
    if floor_of(p, now.flow.chosen) >= target:
        return Attempt(now, now.weights > 0, now.flow.chosen, np.inf)
    return Attempt(None, now.weights > 0, highest, _floor_bound(market, now.weights))


def _forced(market: Market, target: int, now: Weighted, missed: NDArray[np.bool_], allowed: Marks) -> Attempt | None:
    """Give the weighed and the missing their best sets outright; more applications may then fall below, and join."""
    p, weighed = market.problem, (now.weights > 0) | missed
    for _ in range(_FORCED_ROUNDS):
        if weighed.sum() > _FORCE_AT_MOST:
            return None
        answer, _ = force(market, target, now, weighed, allowed)
        if answer is None:
            return None
        now, missed = answer, (p.need > 0) & (sums(p, answer.flow.chosen) < target)
        if not missed.any():
            return Attempt(now, weighed, now.flow.chosen, np.inf)
        weighed = weighed | missed
    return None


def _weights(problem: Problem, target: int, now: Weighted, allowed: Marks, pushed: Weights) -> Weights:
    """The least weights with which, at the present prices, every application would choose a set that reaches.

    At that weight an application is in two minds, so those that missed again and again are `pushed` (n) past it.
    """
    weights = now.weights.copy()
    reach = sums(problem, now.flow.chosen)
    at = np.flatnonzero((problem.need > 0) & ((reach < target) | (weights > 0)))
    prices = now.prices
    low, high = np.zeros(len(at)), np.full(len(at), _HEAVIEST)
    for _ in range(30):
        middle = np.where(low == 0, np.minimum(high / 8, 1.0), (low + high) / 2)
        fine = _choice(problem, at, middle, prices, allowed) >= target
        high, low = np.where(fine, middle, high), np.where(fine, low, middle)
    weights[at] = np.where(high < 1e-6, 0.0, high * (1 + 0.001 * 4.0 ** pushed[at]))
    return weights


def _choice(
    problem: Problem, at: NDArray[np.int64], weights: Weights, prices: NDArray[np.float64], allowed: Marks
) -> Costs:
    """The sums that the applications `at` would get if each chose alone, paying the reviewers' prices."""
    affinity = problem.affinity[at]
    worth = np.where(allowed[at], (1.0 + weights)[:, None] * affinity + prices, -np.inf)
    order = np.argsort(-worth, axis=1, kind="stable")
    taken = np.arange(order.shape[1])[None, :] < problem.need[at][:, None]
    chosen: Costs = problem.held_affinity[at] + np.where(taken, np.take_along_axis(affinity, order, axis=1), 0).sum(
        axis=1
    )
    return chosen


def _floor_bound(market: Market, weights: Weights) -> float:
    """No floor is above the weighted mean of the best sums, whatever the weights (n) of the applications."""
    if not weights.any():
        return np.inf
    p = market.problem
    share = weights / weights.sum()
    best = market.best(share * _HEAVIEST - 1.0)
    if best is None:
        return -np.inf
    return (best.value + best.slack) / _HEAVIEST + float(share @ p.held_affinity)
