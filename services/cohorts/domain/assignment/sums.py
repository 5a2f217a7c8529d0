"""What an assignment is worth to each application, and what it could be worth at best."""

import numpy as np

from .flow import Costs, Marks
from .problem import Problem


def sums(problem: Problem, chosen: Marks) -> Costs:
    """Summed affinity (n) of each application, held pairs included."""
    summed: Costs = problem.held_affinity + np.where(chosen, problem.affinity, 0).sum(axis=1)
    return summed


def floor_of(problem: Problem, chosen: Marks) -> int:
    """The smallest sum among applications still in need of reviews."""
    return int(sums(problem, chosen)[problem.need > 0].min())


def total_of(problem: Problem, chosen: Marks) -> int:
    return int(problem.affinity[chosen].sum())


def best_alone(problem: Problem, less: int = 0) -> Costs:
    """Each application's sum (n) if it had its first choice of all but `less` of the reviewers it needs."""
    ranked = -np.sort(-np.where(problem.allowed, problem.affinity, -(1 << 40)), axis=1)
    places = np.arange(ranked.shape[1])[None, :] < (problem.need - less)[:, None]
    alone: Costs = problem.held_affinity + np.where(places, ranked, 0).sum(axis=1)
    return alone


def usable(problem: Problem, target: int) -> Marks:
    """Pairs (n, m) with which their application can still reach the target."""
    all_, but_one = best_alone(problem), best_alone(problem, 1)
    with_it = but_one[:, None] + np.minimum(problem.affinity, (all_ - but_one)[:, None])
    reaching: Marks = problem.allowed & (with_it >= target)
    return reaching
