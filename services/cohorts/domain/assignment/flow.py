"""The cheapest assignment within load bounds, as a minimum-cost flow over few arcs with the rest priced in.

Only each application's cheapest reviewers and each reviewer's least regretted applications go to the solver first. The
prices of its answer tell which of the other pairs could make it cheaper; these are added until there are none, so
the answer is that of the whole problem (column generation).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .loads import Bounds

Costs = NDArray[np.int64]
Marks = NDArray[np.bool_]
FAR = np.int64(1 << 60)


@dataclass(frozen=True)
class Flow:
    """`chosen` (n, m) pairs, reviewers' `prices` (m), and the pairs the solver was shown, for a warm start."""

    chosen: Marks
    prices: Costs
    shown: Marks


def solve(cost: Costs, allowed: Marks, need: Costs, bounds: Bounds, shown: Marks | None = None) -> Flow | None:
    """The cheapest pairs giving each application its need within the bounds, or None where there are none."""
    width = int(need.max(initial=1)) + 8
    shown = first_look(cost, allowed, need, bounds, width) if shown is None else shown & allowed
    while True:
        chosen = _solve_shown(cost, shown, need, bounds)
        if chosen is None:
            if (shown == allowed).all():
                return None
            width *= 4
            shown = shown | first_look(cost, allowed, need, bounds, width)
            continue
        prices = reviewer_prices(cost, shown, chosen, bounds)
        better = _priced_in(cost, allowed & ~shown, chosen, prices)
        if not better.any():
            return Flow(chosen, prices, shown)
        shown = shown | better


def first_look(cost: Costs, allowed: Marks, need: Costs, bounds: Bounds, width: int) -> Marks:
    """The `width` cheapest reviewers of each application, and for each reviewer those that would lose least."""
    n, m = cost.shape
    if n * m <= 4096 or width >= m:
        return allowed.copy()
    seen = np.where(allowed, cost, FAR)
    look = np.zeros_like(allowed)
    np.put_along_axis(look, np.argpartition(seen, width - 1, axis=1)[:, :width], True, axis=1)
    last = int(need.max()) - 1
    regret = seen - np.partition(seen, last, axis=1)[:, last : last + 1]
    height = min(n, int(bounds.upper.max()) * width // 8 + 1)
    np.put_along_axis(look, np.argpartition(regret, height - 1, axis=0)[:height], True, axis=0)
    return look & allowed


def _solve_shown(cost: Costs, shown: Marks, need: Costs, bounds: Bounds) -> Marks | None:
    n, m = cost.shape
    rows, columns = np.nonzero(shown)
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # large, and wanted once a round

    solver = SimpleMinCostFlow()
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        rows, columns + n, np.ones(len(rows), dtype=np.int64), cost[rows, columns]
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(m) + n, bounds.group + n + m, bounds.upper - bounds.lower, np.zeros(m, dtype=np.int64)
    )
    sinks = bounds.totals - np.bincount(bounds.group, weights=bounds.lower, minlength=len(bounds.totals)).astype(
        np.int64
    )
    supplies = np.concatenate([need, -bounds.lower, -sinks])
    solver.set_nodes_supplies(np.arange(len(supplies)), supplies)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"The flow solver stopped with {status}")
    chosen = np.zeros_like(shown)
    used = solver.flows(pairs) > 0
    chosen[rows[used], columns[used]] = True
    return chosen


def moves(cost: Costs, movable: Marks, chosen: Marks) -> Costs:
    """The cheapest way (m, m) to pass one review from a reviewer to another, `FAR` where there is none."""
    m = cost.shape[1]
    table = np.full((m, m), FAR)
    for r in range(m):
        rows = np.flatnonzero(chosen[:, r])
        if len(rows):
            change = cost[rows] - cost[rows, r][:, None]
            table[r] = np.where(movable[rows] & ~chosen[rows], change, FAR).min(axis=0)
    return table


def reviewer_prices(cost: Costs, shown: Marks, chosen: Marks, bounds: Bounds) -> Costs:
    """Shadow prices (m) of one more review for each reviewer: shortest paths among reviewers and load groups."""
    m, groups = cost.shape[1], len(bounds.totals)
    load = chosen.sum(axis=0)
    table = np.full((m + groups, m + groups), FAR)
    table[:m, :m] = moves(cost, shown, chosen)
    to_group = np.flatnonzero(load < bounds.upper)
    from_group = np.flatnonzero(load > bounds.lower)
    table[to_group, m + bounds.group[to_group]] = 0
    table[m + bounds.group[from_group], from_group] = 0
    prices = np.zeros(m + groups, dtype=np.int64)
    for _ in range(m + groups + 1):
        nearer = np.minimum(prices, (prices[:, None] + table).min(axis=0))
        if (nearer == prices).all():
            return prices[:m]
        prices = nearer
    raise ArithmeticError("The flow is not the cheapest")


def worst_chosen(cost: Costs, chosen: Marks, prices: Costs) -> Costs:
    """Each application's dearest chosen pair (n) at the given prices."""
    worst: Costs = np.where(chosen, cost - prices, -FAR).max(axis=1)
    return worst


def _priced_in(cost: Costs, unseen: Marks, chosen: Marks, prices: Costs) -> Marks:
    return unseen & (cost - prices < worst_chosen(cost, chosen, prices)[:, None])
