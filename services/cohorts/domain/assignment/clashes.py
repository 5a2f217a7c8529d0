"""Why there is no assignment: the applications and the limits that clash, by the smallest cut of a largest flow."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .model import Clash
from .problem import Problem

Positions = NDArray[np.int64]
_SHRINK_AT_MOST = 60


def find_clashes(problem: Problem) -> tuple[Clash, ...]:
    """Every application with too few reviewers; else too little room in all; else one smallest clash."""
    alone = _too_few(problem)
    rest = np.flatnonzero((problem.need > 0) & (problem.allowed.sum(axis=1) >= problem.need))
    room = int((problem.capacity - problem.held_load).sum())
    wanted = int(problem.need.sum())
    if room < wanted:
        names = tuple(problem.reviewers)
        limits = _list(f"{name} {limit}" for name, limit in zip(names, problem.capacity.tolist(), strict=True))
        text = (
            f"{wanted} reviews are needed, and the reviewers' limits leave room for {room}: {wanted - room} too few. "
            f"The limits are {limits}."
        )
        return (*alone, Clash("too-little-capacity", problem.applications, names, wanted, room, text))
    crowd = _crowded(problem, rest)
    return (*alone, crowd) if crowd else alone


def _too_few(problem: Problem) -> tuple[Clash, ...]:
    may = problem.allowed.sum(axis=1)
    return tuple(
        Clash(
            "too-few-reviewers", (problem.applications[a],), (), int(problem.need[a]), int(may[a]),
            f"Application {problem.applications[a]} needs {_count(problem.need[a], 'more review')}, and only "
            f"{_count(may[a], 'reviewer')} may read it who {'does' if may[a] == 1 else 'do'} not yet.",
        )
        for a in np.flatnonzero(may < problem.need)
    )  # fmt: skip


def _crowded(problem: Problem, at: Positions) -> Clash | None:
    cut = _cut(problem, at)
    if cut is None:
        return None
    if len(cut[0]) <= _SHRINK_AT_MOST:
        for a in cut[0].tolist():
            smaller = _cut(problem, cut[0][cut[0] != a])
            cut = smaller or cut
    inside, full = cut
    needed = int(problem.need[inside].sum())
    room = int((problem.capacity - problem.held_load)[full].sum())
    others = np.delete(problem.allowed[inside], full, axis=1)
    elsewhere = int(others.sum())
    applications = tuple(problem.applications[a] for a in inside)
    reviewers = tuple(problem.reviewers[r] for r in full)
    text = (
        f"Applications {_list(applications)} need {needed} reviews. Of those who may read them, "
        f"{_list(reviewers)} have room for {room}, and the others can add at most {elsewhere}."
    )
    return Clash("crowded", applications, reviewers, needed, room + elsewhere, text)


def _cut(problem: Problem, at: Positions) -> tuple[Positions, Positions] | None:
    """Applications and used-up reviewers on the source's side of a smallest cut; None where all needs are met."""
    if not len(at):
        return None
    m, n = len(problem.reviewers), len(at)
    rows, columns = np.nonzero(problem.allowed[at])
    source, sink = n + m, n + m + 1
    from ortools.graph.python.max_flow import SimpleMaxFlow  # large, and wanted once a round

    flow = SimpleMaxFlow()
    flow.add_arcs_with_capacity(np.full(n, source), np.arange(n), problem.need[at])
    flow.add_arcs_with_capacity(rows, columns + n, np.ones_like(rows))
    flow.add_arcs_with_capacity(np.arange(m) + n, np.full(m, sink), problem.capacity - problem.held_load)
    flow.solve(source, sink)
    if flow.optimal_flow() >= problem.need[at].sum():
        return None
    side = np.array(flow.get_source_side_min_cut())
    return at[np.sort(side[side < n])], np.sort(side[(side >= n) & (side < n + m)]) - n


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _list(names: Iterable[str], most: int = 8) -> str:
    names = list(names)
    if not names:
        return "nobody"
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most} others"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
