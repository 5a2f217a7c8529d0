"""The exact end: what the flows leave open an integer program (HiGHS) decides, small because the rest is fixed."""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from .flow import Costs, Marks
from .sums import sums
from .weights import Market

_NODES = 500
_ITERATIONS = 200_000


@dataclass(frozen=True)
class Verdict:
    """The best pairs found (None: none), and whether nothing better exists among the pairs that were free."""

    chosen: Marks | None
    proven: bool


def best_total(market: Market, free: Marks, start: Marks, target: int) -> Verdict:
    """The highest total with no application below the target, only the `free` pairs (n, m) differing from `start`."""
    return _Program(market, free, start).solve(target)


def best_floor(market: Market, free: Marks, start: Marks) -> Verdict:
    """The highest floor, only the `free` pairs differing from `start`."""
    return _Program(market, free, start).solve(None)


class _Program:
    """Rows: one per application with free pairs (need), one per reviewer and per load group (load), then the floors."""

    def __init__(self, market: Market, free: Marks, start: Marks) -> None:
        self.problem, self.bounds, self.start = market.problem, market.bounds, start
        self.rows, self.columns = np.nonzero(free)
        self.fixed = start & ~free
        self.affinity = self.problem.affinity[self.rows, self.columns].astype(float)

    def solve(self, target: int | None) -> Verdict:
        solver = _solver()
        solver.passModel(self._model(target))
        solver.setSolution(self._start(target))
        solver.run()
        status = solver.getModelStatus()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.kSolutionStatusFeasible:
            return Verdict(None, status == highspy.HighsModelStatus.kInfeasible)
        chosen = self.fixed.copy()
        taken = np.array(solver.getSolution().col_value[: len(self.rows)]) > 0.5
        chosen[self.rows[taken], self.columns[taken]] = True
        if target is not None and (sums(self.problem, chosen)[self.problem.need > 0] < target).any():
            return Verdict(None, False)
        return Verdict(chosen, status == highspy.HighsModelStatus.kOptimal)

    def _start(self, target: int | None) -> highspy.HighsSolution:
        solution = highspy.HighsSolution()
        values = self.start[self.rows, self.columns].astype(float).tolist()
        floor = float(sums(self.problem, self.start)[self.problem.need > 0].min())
        solution.col_value = values + ([floor] if target is None else [])
        return solution

    def _model(self, target: int | None) -> highspy.HighsLp:
        p, b, size = self.problem, self.bounds, len(self.rows)
        n, m = p.allowed.shape
        left = p.need - self.fixed.sum(axis=1)
        load = self.fixed.sum(axis=0)
        group_load = np.bincount(b.group, weights=load, minlength=len(b.totals))
        floored = self._floored(target)
        at = np.full(n, -1)
        at[floored] = np.arange(len(floored))
        base = n + m + len(b.totals)
        in_floor = at[self.rows] >= 0
        row = np.concatenate(
            [self.rows, n + self.columns, n + m + b.group[self.columns], base + at[self.rows[in_floor]]]
        )
        column = np.concatenate([np.tile(np.arange(size), 3), np.flatnonzero(in_floor)])
        value = np.concatenate([np.ones(3 * size), self.affinity[in_floor]])
        fixed_sum = p.held_affinity + np.where(self.fixed, p.affinity, 0).sum(axis=1)
        floors = (0.0 if target is None else float(target)) - fixed_sum[floored]
        cost, upper, kinds = self.affinity, np.ones(size), [highspy.HighsVarType.kInteger] * size
        if target is None:
            row, column = (
                np.concatenate([row, base + np.arange(len(floored))]),
                np.concatenate([column, np.full(len(floored), size)]),
            )
            value = np.concatenate([value, -np.ones(len(floored))])
            cost, upper = np.append(np.zeros(size), 1.0), np.append(upper, highspy.kHighsInf)
            kinds = [*kinds, highspy.HighsVarType.kContinuous]
        lower = np.zeros(len(upper)) if target is not None else np.append(np.zeros(size), -highspy.kHighsInf)
        return _lp(
            cost,
            lower,
            upper,
            kinds,
            np.concatenate([left, b.lower - load, b.totals - group_load, floors]),
            np.concatenate([left, b.upper - load, b.totals - group_load, np.full(len(floored), highspy.kHighsInf)]),
            row,
            column,
            value,
        )

    def _floored(self, target: int | None) -> NDArray[np.int64]:
        """The applications whose worst choice could fall below the target (all that are open, without one)."""
        p = self.problem
        open_ = np.zeros(len(p.need), dtype=np.bool_)
        open_[self.rows] = True
        if target is None:
            return np.flatnonzero(p.need > 0)
        free = np.zeros_like(self.start)
        free[self.rows, self.columns] = True
        ranked = np.sort(np.where(free, p.affinity, 1 << 40), axis=1)
        left = p.need - self.fixed.sum(axis=1)
        worst = np.where(np.arange(ranked.shape[1])[None, :] < left[:, None], ranked, 0).sum(axis=1)
        fixed_sum = p.held_affinity + np.where(self.fixed, p.affinity, 0).sum(axis=1)
        return np.flatnonzero(open_ & (worst + fixed_sum < target))


def _lp(
    cost: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    kinds: list[highspy.HighsVarType],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    row: Costs,
    column: Costs,
    value: NDArray[np.float64],
) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_, lp.row_upper_ = row_lower.astype(float), row_upper.astype(float)
    lp.integrality_ = kinds
    lp.sense_ = highspy.ObjSense.kMaximize
    order = np.lexsort((row, column))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(cost)))])
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row[order], value[order]
    return lp


def _solver() -> highspy.Highs:
    """One thread, one seed, no clock: the same answer on every machine."""
    make: Callable[[], highspy.Highs] = highspy.Highs
    solver = make()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),
        ("mip_max_nodes", _NODES),
        ("simplex_iteration_limit", _ITERATIONS),
    ):
        solver.setOptionValue(option, value)
    return solver
