"""After somebody drops out or declares a conflict: everything given out again, moving as little as possible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .engine import even_loads, solve
from .model import Assignment, Pair, Progress, quiet
from .problem import Affinities, Problem, build
from .weights import Market


@dataclass(frozen=True)
class Rebalanced:
    """The new assignment; `released` pairs could not stay, `moved` pairs gave way to even loads."""

    assignment: Assignment
    kept: tuple[Pair, ...]
    released: tuple[Pair, ...]
    moved: tuple[Pair, ...]

    @property
    def added(self) -> tuple[Pair, ...]:
        return tuple(sorted(set(self.assignment.pairs) - set(self.kept)))


def rebalance(
    applications: Iterable[str],
    reviewers: Iterable[str],
    existing: Iterable[tuple[str, str]],
    *,
    per_application: int | Mapping[str, int],
    conflicts: Iterable[tuple[str, str]] = (),
    affinities: Affinities | None = None,
    capacity: int | Mapping[str, int] | None = None,
    pinned: Iterable[tuple[str, str]] = (),
    progress: Progress = quiet,
) -> Rebalanced:
    """Keep as many `existing` pairs as conflicts, capacities, `per_application` and even loads allow.

    `reviewers` are those still there. `pinned` pairs (begun or finished reviews) never move, unless a conflict or their
    reviewer's leaving takes them away. With the kept pairs fixed, the rest goes out as in `assign`. Raises `Invalid`.
    """
    applications, reviewers, conflicts = tuple(applications), tuple(reviewers), set(conflicts)
    before = {Pair(*pair) for pair in existing if pair[0] in set(applications)} | {Pair(*pair) for pair in pinned}
    here = set(reviewers)
    staying = {pair for pair in before if pair.reviewer in here and pair not in conflicts}
    problem = build(
        applications, reviewers, per_application=per_application, conflicts=conflicts,
        affinities=affinities, capacity=capacity, existing=staying & {Pair(*pair) for pair in pinned},
    )  # fmt: skip
    progress("kept")
    kept = _most_kept(problem, staying)
    assignment = solve(_with_held(problem, kept), progress)
    return Rebalanced(assignment, tuple(sorted(kept)), tuple(sorted(before - staying)), tuple(sorted(staying - kept)))


def _most_kept(problem: Problem, staying: set[Pair]) -> set[Pair]:
    """A kept pair is worth more than all affinity together."""
    pinned = {
        Pair(problem.applications[a], problem.reviewers[r]) for a, r in zip(*np.nonzero(problem.held), strict=True)
    }
    found = even_loads(problem) if problem.need.any() else None
    if found is None:
        return pinned
    marks = np.zeros_like(problem.held)
    a_at = {a: i for i, a in enumerate(problem.applications)}
    r_at = {r: j for j, r in enumerate(problem.reviewers)}
    for a, r in staying:
        marks[a_at[a], r_at[r]] = True
    span = int(problem.affinity.max() - problem.affinity.min()) * int(problem.need.sum()) + 1
    keeping = replace(problem, affinity=problem.affinity + marks * np.int64(span))
    best = Market(keeping, found[0]).best()
    if best is None:
        raise ArithmeticError("Loads that could be had cannot be had")
    kept = np.argwhere(best.flow.chosen & marks).tolist()
    return pinned | {Pair(problem.applications[a], problem.reviewers[r]) for a, r in kept}


def _with_held(problem: Problem, kept: set[Pair]) -> Problem:
    held = problem.held.copy()
    a_at = {a: i for i, a in enumerate(problem.applications)}
    r_at = {r: j for j, r in enumerate(problem.reviewers)}
    for a, r in kept:
        held[a_at[a], r_at[r]] = True
    new = (held & ~problem.held).sum(axis=1)
    need = problem.need - new
    return replace(problem, held=held, need=need, allowed=problem.allowed & ~held & (need > 0)[:, None])
