"""The most even loads that conflicts, capacities and held reviews allow, when none are within one of each other."""

import numpy as np

from .flow import Marks
from .loads import Bounds, bounds_of_least_squares
from .problem import Problem


def most_even(problem: Problem) -> Bounds | None:
    """Bounds around the loads of least sum of squares; None where the reviews cannot be given out at all."""
    chosen = _least_squares(problem)
    if chosen is None:
        return None
    load = chosen.sum(axis=0, dtype=np.int64) + problem.held_load
    return bounds_of_least_squares(load, problem.held_load, problem.capacity, _gives(problem, chosen))


def _least_squares(problem: Problem) -> Marks | None:
    """Every further review of a reviewer costs more than the one before, so a cheapest flow is an even one."""
    n, m = problem.allowed.shape
    rows, columns = np.nonzero(problem.allowed)
    held = problem.held_load
    room = np.minimum(problem.capacity - held, problem.allowed.sum(axis=0))
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # large, and wanted once a round

    solver = SimpleMinCostFlow()
    pairs = solver.add_arcs_with_capacity_and_unit_cost(rows, columns + n, np.ones_like(rows), np.zeros_like(rows))
    reviewer = np.repeat(np.arange(m), room)
    nth = np.arange(len(reviewer)) - np.repeat(np.cumsum(room) - room, room) + held[reviewer]
    solver.add_arcs_with_capacity_and_unit_cost(
        reviewer + n, np.full(len(reviewer), n + m), np.ones_like(reviewer), nth
    )
    supplies = np.concatenate([problem.need, np.zeros(m, dtype=np.int64), [-problem.need.sum()]])
    solver.set_nodes_supplies(np.arange(n + m + 1), supplies)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"The flow solver stopped with {status}")
    chosen = np.zeros_like(problem.allowed)
    used = solver.flows(pairs) > 0
    chosen[rows[used], columns[used]] = True
    return chosen


def _gives(problem: Problem, chosen: Marks) -> Marks:
    """Which reviewers (m, m) a review can pass to from each, by any chain of exchanges."""
    m = chosen.shape[1]
    reach = np.eye(m, dtype=np.bool_)
    for r in range(m):
        rows = chosen[:, r]
        reach[r] |= (problem.allowed[rows] & ~chosen[rows]).any(axis=0)
    while True:
        further = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
        if (further == reach).all():
            return reach
        reach = further
