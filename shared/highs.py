"""The solver, kept quiet, single-threaded and repeatable. Everything known of HiGHS's own interface is here.

Rows and columns are passed as plain arrays; a column's coefficients are all 1 unless `values` says otherwise.
"""

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[Any]

INFINITY = highspy.kHighsInf

SMALL = 100
"""Up to so many columns a rough answer is there sooner than presolve is done with them."""

HEURISTICS = (
    "mip_heuristic_run_feasibility_jump",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_root_reduced_cost",
    "mip_detect_symmetry",
)
"""Switched off: on programmes as small as ours they cost more time than they save (about half, measured)."""


class SolverFailed(RuntimeError):
    """HiGHS stopped for a reason that is neither an optimum nor a proof that there is none."""


@dataclass(frozen=True)
class Columns:
    """Sparse 0/1 columns: `lengths[j]` coefficients each, whose row numbers follow one another in `rows`."""

    lengths: Index
    rows: Index
    values: Floats | None = None

    @property
    def starts(self) -> npt.NDArray[np.int32]:
        return np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int32)

    @property
    def coefficients(self) -> Floats:
        return np.ones(len(self.rows)) if self.values is None else self.values


def quiet() -> Any:
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("parallel", "off")):
        solver.setOptionValue(option, value)
    return solver


class Linear:
    """A linear programme to maximise, grown and re-solved from where it stood."""

    def __init__(self, row_low: Floats, row_high: Floats) -> None:
        self.solver = quiet()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._add_empty_rows(row_low, row_high)

    def _add_empty_rows(self, low: Floats, high: Floats) -> None:
        none = np.empty(0, dtype=np.int32)
        starts = np.zeros(len(low), dtype=np.int32)
        self.solver.addRows(len(low), low, high, 0, starts, none, np.empty(0))

    def add_columns(self, cost: Floats, lower: Floats, upper: Floats, columns: Columns) -> None:
        rows = columns.rows.astype(np.int32)
        self.solver.addCols(len(cost), cost, lower, upper, len(rows), columns.starts, rows, columns.coefficients)

    def add_rows(self, low: Floats, high: Floats, members: Columns) -> None:
        """Add rows over columns already there: `members` lists each row's columns instead of each column's rows."""
        among = members.rows.astype(np.int32)
        self.solver.addRows(len(low), low, high, len(among), members.starts, among, members.coefficients)

    def bound(self, columns: Index, lower: Floats, upper: Floats) -> None:
        self.solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def bound_rows(self, rows: Index, low: Floats, high: Floats) -> None:
        self.solver.changeRowsBounds(len(rows), rows.astype(np.int32), low, high)

    def price(self, columns: Index, cost: Floats) -> None:
        self.solver.changeColsCost(len(columns), columns.astype(np.int32), cost)

    def solve(self) -> bool:
        """Whether there is a solution. Raises `SolverFailed` if HiGHS cannot say."""
        for patience in range(3):
            if patience == 2:
                self.solver.setOptionValue("primal_feasibility_tolerance", 1e-7)
                self.solver.setOptionValue("presolve", "on")
            self.solver.run()
            status = self.solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                return True
            if status == highspy.HighsModelStatus.kInfeasible:
                return False
            self.solver.clearSolver()  # a warm start can leave the simplex undecided; a cold one does not
        raise SolverFailed(str(status))

    @property
    def objective(self) -> float:
        return float(self.solver.getInfo().objective_function_value)

    def values(self) -> Floats:
        return np.array(self.solver.getSolution().col_value)

    def duals(self) -> Floats:
        return np.array(self.solver.getSolution().row_dual)


@dataclass(frozen=True)
class IntegerProgramme:
    """Maximise cost.x for whole x between bounds, under rows; `whole` False entries may be fractions."""

    cost: Floats
    lower: Floats
    upper: Floats
    columns: Columns
    row_low: Floats
    row_high: Floats
    whole: npt.NDArray[np.bool_] | None = None

    def between(self, lower: Floats, upper: Floats) -> "IntegerProgramme":
        return replace(self, lower=lower, upper=upper)

    def solve(
        self,
        *,
        grain: float = 0.0,
        enough: float | None = None,
        better_than: float | None = None,
        good_enough: float = 0.0,
    ) -> Floats | None:
        """The best x, or None if there is none.

        grain: all objective values are multiples of it, so that a smaller gap is no gap. enough: stop once reached.
        better_than: ignore solutions that are not at least this good (they may still be returned).
        good_enough: the relative gap at which to stop; 0 for a proven best.
        """
        solver = quiet()
        if not good_enough:
            for heuristic in HEURISTICS:
                solver.setOptionValue(heuristic, False)
            solver.setOptionValue("mip_heuristic_effort", 0.0)
        elif len(self.cost) <= SMALL:
            solver.setOptionValue("presolve", "off")
        solver.setOptionValue("mip_rel_gap", good_enough)
        solver.setOptionValue("mip_abs_gap", max(0.0, 0.99 * grain))
        solver.setOptionValue("mip_feasibility_tolerance", 1e-7)
        if enough is not None:
            solver.setOptionValue("objective_target", -enough + 0.01 * grain)
        if better_than is not None:
            solver.setOptionValue("objective_bound", -better_than + 0.5 * grain)
        solver.passModel(self._model())
        solver.run()
        return self._answer(solver)

    def _model(self) -> Any:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.row_low)
        model.col_cost_, model.col_lower_, model.col_upper_ = -self.cost, self.lower, self.upper
        model.row_lower_, model.row_upper_ = self.row_low, self.row_high
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.append(self.columns.starts, len(self.columns.rows)).astype(np.int32)
        model.a_matrix_.index_ = self.columns.rows.astype(np.int32)
        model.a_matrix_.value_ = self.columns.coefficients
        whole = np.ones(len(self.cost), bool) if self.whole is None else self.whole
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(is_whole)] for is_whole in whole]
        return model

    def _answer(self, solver: Any) -> Floats | None:
        status = solver.getModelStatus()
        found = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget)
        if status in found:
            return np.array(solver.getSolution().col_value)
        none = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kObjectiveBound)
        if status in none:
            return None
        raise SolverFailed(str(status))
