"""Who reviews what: even loads, then the highest floor, then the highest total."""

from collections.abc import Iterable, Mapping

import numpy as np

from .ceiling import highest_floor
from .clashes import find_clashes
from .evening import most_even
from .flow import Marks
from .loads import Bounds, even_bounds
from .model import Assignment, Pair, Progress, quiet
from .polish import polish
from .problem import Affinities, Problem, build
from .sums import sums
from .weights import Market, Weighted


def assign(
    applications: Iterable[str],
    reviewers: Iterable[str],
    *,
    per_application: int | Mapping[str, int],
    conflicts: Iterable[tuple[str, str]] = (),
    affinities: Affinities | None = None,
    capacity: int | Mapping[str, int] | None = None,
    existing: Iterable[tuple[str, str]] = (),
    progress: Progress = quiet,
) -> Assignment:
    """Give every application its reviews.

    Never broken: a conflict, a capacity, a pair in `existing` (with them, this tops up a round after late
    applications). Then, in turn: loads within one of each other, or as even as can be; the highest floor
    of an application's summed affinity; the highest total. `conflicts` and `existing` are (application, reviewer)
    pairs; `affinities` maps such pairs to numbers (0 where silent) or is an array in the order given. `progress` hears
    of each stage as it begins. Raises `Invalid`.
    """
    return solve(
        build(
            applications, reviewers, per_application=per_application, conflicts=conflicts,
            affinities=affinities, capacity=capacity, existing=existing,
        ),
        progress,
    )  # fmt: skip


def solve(problem: Problem, progress: Progress = quiet) -> Assignment:
    """The same for a problem in arrays."""
    progress("loads")
    if not problem.need.any():
        return _result(problem, np.zeros_like(problem.held), 0, 0, True)
    found = even_loads(problem)
    if found is None:
        return _none(problem)
    bounds, plain = found
    market = Market(problem, bounds)
    progress("floor")
    highest = highest_floor(market, plain)
    progress("total")
    best = polish(market, highest.floor, highest.attempt)
    proven = highest.bound <= highest.floor
    return _result(problem, best.chosen, highest.bound, best.bound, proven)


def even_loads(problem: Problem) -> tuple[Bounds, Weighted] | None:
    """Load bounds that can be kept, the narrowest first, with the assignment of highest total within them."""
    bounds = even_bounds(problem.held_load, problem.capacity, int(problem.need.sum()))
    plain = Market(problem, bounds).best() if bounds else None
    if bounds and plain:
        return bounds, plain
    bounds = most_even(problem)
    plain = Market(problem, bounds).best() if bounds else None
    return (bounds, plain) if bounds and plain else None


def _pairs(problem: Problem, marks: Marks) -> tuple[Pair, ...]:
    return tuple(
        Pair(problem.applications[a], problem.reviewers[r])
        for a, r in zip(*map(np.ndarray.tolist, np.nonzero(marks)), strict=True)
    )


def _result(problem: Problem, chosen: Marks, floor_bound: int, total_bound: float, floor_proven: bool) -> Assignment:
    both = chosen | problem.held
    load = both.sum(axis=0)
    reach = sums(problem, chosen)
    kept = int(problem.held_affinity.sum())
    total = int(reach.sum())
    # Applications that need nothing more may lie below the floor of the others: nothing could be done about them.
    settled = reach[problem.need == 0].min(initial=np.iinfo(np.int64).max)
    widened = int(load.max() - load.min()) > 1
    return Assignment(
        pairs=_pairs(problem, both),
        load=dict(zip(problem.reviewers, load.tolist(), strict=True)),
        total_affinity=total / problem.scale,
        minimum_affinity=int(reach.min()) / problem.scale,
        optimal=floor_proven and (not chosen.any() or total_bound - (total - kept) < 1),
        widened=widened,
        notes=_notes(problem, load) if widened else (),
        floor_bound=(min(floor_bound, int(settled)) if chosen.any() else int(reach.min())) / problem.scale,
        total_bound=max(total, np.floor(total_bound) + kept) / problem.scale,
        added=_pairs(problem, chosen),
    )


def _notes(problem: Problem, load: np.ndarray) -> tuple[str, ...]:
    """What keeps the loads apart, reviewer by reviewer, for those furthest below the others."""
    notes = [f"Loads cannot be within one of each other: the most even run from {load.min()} to {load.max()}."]
    level = int(load.max()) - 1
    for r in np.flatnonzero(load < level).tolist():
        full = load[r] >= problem.capacity[r]
        why = "which is its limit" if full else "as conflicts and held reviews leave no more to pass on"
        notes.append(f"{problem.reviewers[r]} has {load[r]}, {why}.")
    return tuple(notes)


def _none(problem: Problem) -> Assignment:
    return Assignment(
        pairs=_pairs(problem, problem.held),
        load=dict(zip(problem.reviewers, problem.held_load.tolist(), strict=True)),
        clashes=find_clashes(problem),
    )
