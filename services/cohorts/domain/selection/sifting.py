"""The linear relaxation of a choice, solved over a few people and priced over everybody ("sifting").

A relaxation has one price per row. A person's reduced gain is their gain less the prices of the rows that count
them, and only somebody with a positive reduced gain can improve the relaxation; so it is enough to solve it over a
small working set, price the whole pool in one sweep, add those who price in, and go on until nobody does.

Method: Bixby, Gregory, Lustig, Marsten and Shanno, "Very large-scale linear programming: a case study in combining
interior point and simplex methods", Operations Research 40 (1992).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.cohorts.domain.selection.pool import Ints
from services.cohorts.domain.selection.problem import NOBODY, Problem
from shared.highs import INFINITY, Columns, Floats, Linear

GRAIN = 1 << 10
"""Prices are rounded to whole 1024ths of a unit, and bounds are then summed in whole numbers: a proof, not a float."""

LARGEST_COST = 2.0**13
People = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Change:
    """A small departure from the problem: people forced in or out, and places already taken by somebody unnamed.

    taken: a profile one unnamed person of which, free of every narrow row, is counted before anybody is chosen.
    dropped: numbers of wide rows that need not be kept.
    """

    force_in: tuple[int, ...] = ()
    force_out: tuple[int, ...] = ()
    taken: int | None = None
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True)
class Relaxed:
    """What the relaxation proves: no choice is worth more than `bound` / GRAIN units.

    reduced: (N,) whole GRAINths: leaving out a person with a positive one, or taking one with a negative one, costs
    at least its size off the bound. forced: (N,) 1 for who must be chosen, -1 for who cannot be, else 0.
    whole: the people of the relaxation's own answer, if it happens to split nobody.
    """

    bound: int
    reduced: Ints
    forced: Ints
    whole: People | None

    @property
    def best_whole(self) -> int:
        return self.bound // GRAIN


class Sieve:
    """The relaxation of one problem, kept warm so that changed versions of it are quick to solve."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.unit = _power_of_two_above(np.abs(problem.gains).max() / LARGEST_COST)
        self.cost = problem.gains / self.unit
        self.wide = problem.patterns.shape[1]
        self.entries = _entries(problem)
        self.linear = Linear(problem.low.astype(float), problem.high.astype(float))
        self.slack = self._add_slack()
        self.people: People = np.empty(0, dtype=np.intp)
        self.working = np.zeros(len(problem.pool), dtype=bool)
        self.row_of_cap = np.full(len(problem.cap) + 1, NOBODY, dtype=np.int64)
        self.caps_in_use: list[int] = []
        self._admit(self._first_people())

    def relax(self, change: Change | None = None) -> Relaxed | None:
        """Solve the relaxation of the changed problem; None means that it has no solution at all."""
        change = change or Change()
        self._apply(change)
        try:
            return self._bound(change) if self._converge() else None
        finally:
            self._undo(change)

    # -- the working set -------------------------------------------------------------------------------------------

    def _first_people(self) -> People:
        """The highest gains of all, the highest in every row that has a minimum, and whoever is pinned in."""
        problem, gains = self.problem, np.where(self.problem.may, self.problem.gains, np.iinfo(np.int64).min)
        chosen = [np.flatnonzero(problem.must), _top(gains, 2 * problem.size + 50)]
        for row in range(1, self.wide):
            if problem.low[row] > 0:
                inside = problem.patterns[problem.profile, row]
                chosen.append(_top(np.where(inside, gains, np.iinfo(np.int64).min), 2 * int(problem.low[row]) + 10))
        people: People = np.unique(np.concatenate(chosen))
        return people[problem.may[people]]

    def _admit(self, people: People) -> None:
        if not len(people):
            return
        problem = self.problem
        self.linear.add_columns(
            self.cost[people], problem.must[people].astype(float), np.ones(len(people)), self._columns(people)
        )
        self.people = np.concatenate([self.people, people])
        self.working[people] = True
        self._open_caps()

    def _columns(self, people: People) -> Columns:
        """The rows of these people: the wide ones of their profile, and those narrow ones that are in use."""
        rows = self.entries[self.problem.profile[people]]
        if self.problem.caps.shape[1]:
            rows = np.column_stack([rows, self.row_of_cap[self.problem.caps[people]]])
        held = rows != NOBODY
        return Columns(held.sum(axis=1), rows[held])

    def _open_caps(self) -> None:
        """Start a narrow row as soon as more of the working set share it than it allows."""
        if not len(self.problem.cap):
            return
        held = self.problem.caps[self.people]
        times = np.bincount(held[held != NOBODY], minlength=len(self.problem.cap))
        crowded = np.flatnonzero((times > self.problem.cap) & (self.row_of_cap[:-1] == NOBODY))
        if not len(crowded):
            return
        self.row_of_cap[crowded] = self.wide + len(self.caps_in_use) + np.arange(len(crowded))
        self.caps_in_use += crowded.tolist()
        place, _ = np.nonzero(np.isin(held, crowded))
        row = held[np.isin(held, crowded)]
        order = np.argsort(row, kind="stable")
        members = Columns(np.bincount(row)[crowded], place[order] + len(self.slack))
        high = self.problem.cap[crowded].astype(float)
        self.linear.add_rows(np.zeros(len(crowded)), high, members)

    # -- solving ---------------------------------------------------------------------------------------------------

    def _converge(self) -> bool:
        while True:
            if not self.linear.solve() and not self._make_feasible():
                return False
            newcomers = self._pricing_in(self.problem.gains * GRAIN - self._prices())
            if not len(newcomers):
                return True
            self._admit(newcomers)

    def _make_feasible(self) -> bool:
        """Admit people until the wide rows can be met, by minimising how far they are missed."""
        self._set_phase(first=True)
        try:
            while self.linear.solve():
                if self.linear.objective > -1e-7:
                    return True
                newcomers = self._pricing_in(-self._prices())
                if not len(newcomers):
                    return False
                self._admit(newcomers)
            return False
        finally:
            self._set_phase(first=False)
            self.linear.solve()

    def _set_phase(self, first: bool) -> None:
        columns = len(self.slack) + np.arange(len(self.people))
        self.linear.price(columns, np.zeros(len(columns)) if first else self.cost[self.people])
        size = len(self.slack)
        self.linear.bound(self.slack, np.zeros(size), np.full(size, INFINITY if first else 0.0))

    def _prices(self) -> Ints:
        """What each person's rows cost, in GRAINths of a unit."""
        wide, narrow = self._duals()
        price = (self.problem.patterns @ wide)[self.problem.profile]
        return price + narrow[self.problem.caps].sum(axis=1) if self.problem.caps.shape[1] else price

    def _duals(self) -> tuple[Ints, Ints]:
        duals = np.rint(self.linear.duals() * (self.unit * GRAIN)).astype(np.int64)
        narrow = np.zeros(len(self.problem.cap) + 1, dtype=np.int64)
        narrow[self.caps_in_use] = np.maximum(duals[self.wide :], 0)
        return duals[: self.wide], narrow

    def _pricing_in(self, reduced: Ints) -> People:
        reduced = np.where(self.problem.may & ~self.working, reduced, 0)
        positive = np.flatnonzero(reduced > GRAIN // 256)
        most = 2 * self.problem.size + 200
        if len(positive) <= most:
            return positive
        worth = np.lexsort((-self.problem.gains[positive], -reduced[positive]))
        return positive[worth[:most]]

    def _bound(self, change: Change) -> Relaxed:
        """Lagrange's bound from rounded prices, in whole numbers: valid whatever the solver's rounding did."""
        problem = self.problem
        wide, narrow = self._duals()
        price = (problem.patterns @ wide)[problem.profile]
        if problem.caps.shape[1]:
            price = price + narrow[problem.caps].sum(axis=1)
        reduced = problem.gains * GRAIN - price
        low, high = self.wide_bounds(change)
        bound = int(np.where(wide > 0, wide * high, wide * low).sum() + (narrow[:-1] * problem.cap).sum())
        forced = forced_now(problem, change)
        bound += int(np.where(forced == 0, np.maximum(reduced, 0), np.where(forced > 0, reduced, 0)).sum())
        return Relaxed(bound, reduced, forced, self._whole())

    def _whole(self) -> People | None:
        share = self.linear.values()[len(self.slack) :]
        chosen = share > 0.5
        return np.sort(self.people[chosen]) if np.abs(share - chosen).max() < 1e-7 else None

    # -- changes ---------------------------------------------------------------------------------------------------

    def wide_bounds(self, change: Change) -> tuple[Ints, Ints]:
        low, high = self.problem.low.copy(), self.problem.high.copy()
        low[list(change.dropped)], high[list(change.dropped)] = 0, self.problem.size
        counted = 0 if change.taken is None else self.problem.patterns[change.taken].astype(np.int64)
        return low - counted, high - counted

    def _apply(self, change: Change) -> None:
        named = np.array([*change.force_in, *change.force_out], dtype=np.intp)
        self._admit(np.unique(named[~self.working[named]]))
        self._bound_people(change.force_in, 1.0, 1.0)
        self._bound_people(change.force_out, 0.0, 0.0)
        if change.taken is not None or change.dropped:
            self._bound_rows(change)

    def _undo(self, change: Change) -> None:
        for person in (*change.force_in, *change.force_out):
            self._bound_people((person,), float(self.problem.must[person]), float(self.problem.may[person]))
        if change.taken is not None or change.dropped:
            self._bound_rows(Change())

    def _bound_people(self, people: tuple[int, ...], lower: float, upper: float) -> None:
        if people:
            where = len(self.slack) + np.flatnonzero(np.isin(self.people, people))
            self.linear.bound(where, np.full(len(where), lower), np.full(len(where), upper))

    def _bound_rows(self, change: Change) -> None:
        low, high = self.wide_bounds(change)
        self.linear.bound_rows(np.arange(self.wide), low.astype(float), high.astype(float))

    def _add_slack(self) -> npt.NDArray[np.int64]:
        """Two columns for every wide row, by which it may be missed while people are being found; else fixed at 0."""
        rows = np.repeat(np.arange(self.wide), 2)
        signs: Floats = np.tile([1.0, -1.0], self.wide)
        nought = np.zeros(len(rows))
        self.linear.add_columns(nought - 1.0, nought, nought, Columns(np.ones(len(rows), int), rows, signs))
        return np.arange(len(rows))


def forced_now(problem: Problem, change: Change) -> Ints:
    """(N,) 1 for people who must be chosen, -1 for people who cannot be, 0 for everybody else."""
    forced = problem.must.astype(np.int64) - ~problem.may
    forced[list(change.force_in)] = 1
    forced[list(change.force_out)] = -1
    return forced


def _entries(problem: Problem) -> npt.NDArray[np.int64]:
    """(P, w) the wide rows of each profile, filled up with -1."""
    width = int(problem.patterns.sum(axis=1).max())
    order = np.argsort(~problem.patterns, axis=1, kind="stable")[:, :width]
    return np.where(np.take_along_axis(problem.patterns, order, axis=1), order, NOBODY)


def _top(gains: Ints, many: int) -> People:
    if many >= len(gains):
        return np.arange(len(gains))
    return np.argpartition(gains, len(gains) - many)[-many:]


def _power_of_two_above(value: float) -> float:
    return float(2.0 ** max(0, np.ceil(np.log2(max(value, 1.0)))))
