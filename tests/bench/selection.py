"""The best choice beside HiGHS on the plain model, CP-SAT and scipy's milp, where they are installed.

`run` takes sizes (people, places, features, one per organisation?) and answers seconds, medians of repeats taken in
turn (A B A B ...), from a pool already in memory to the proven choice; ours settles ties as well. Every contestant must
prove its optimum. The others are measured up to 10,000 people only, and given a minute each.
"""

import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from math import log
from statistics import median
from typing import Any

import highspy
import numpy as np

from services.cohorts.domain.selection.choosing import choose
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from shared.highs import quiet
from tests.bench.reporting import Report

Size = tuple[int, int, int, bool]
SIZES: tuple[Size, ...] = (
    (1_000, 30, 5, False),
    (1_000, 150, 6, False),
    (1_000, 150, 6, True),
    (2_000, 200, 5, False),
    (10_000, 60, 5, False),
    (10_000, 150, 5, False),
    (10_000, 150, 5, True),
    (100_000, 60, 5, False),
)
_PEERS_UP_TO = 10_000
_PATIENCE = 60.0


def synthetic(size: Size, seed: int = 1) -> tuple[Pool, list[Rule]]:
    """People whose groups score differently, and a minimum and maximum for every value close to its share."""
    people, places, features, one_per_organisation = size
    rng = np.random.default_rng(seed)
    columns: dict[str, list[str]] = {}
    rules: list[Rule] = []
    lift = np.zeros(people)
    for feature in range(features):
        values = int(rng.integers(2, 6))
        share = rng.dirichlet(np.full(values, 4.0))
        code = rng.choice(values, people, p=share)
        columns[f"f{feature}"] = [f"v{value}" for value in code]
        lift += rng.normal(0, 5, values)[code]
        for value, aim in enumerate(share * places):
            rules.append(Target.of({f"f{feature}": f"v{value}"}, int(0.9 * aim), int(1.1 * aim) + 1))
    scores = np.round(np.clip(60 + lift + rng.normal(0, 12, people), 0, 100), 2)
    if one_per_organisation:
        columns["organisation"] = [f"o{value}" for value in rng.integers(0, people // 4, people)]
        rules.append(AtMost("organisation"))
    return Pool.build([f"p{number}" for number in range(people)], scores.tolist(), columns), rules


def hearth(problem: Problem) -> int | None:
    found = choose(problem, "bench")
    return None if found is None else problem.total(found.people)


def _rows(problem: Problem) -> list[tuple[list[int], int, int]]:
    """Every row as (members, low, high): what each of the others is given."""
    wide = problem.patterns[problem.profile]
    rows = [
        (np.flatnonzero(wide[:, row]).tolist(), int(problem.low[row]), int(problem.high[row]))
        for row in range(wide.shape[1])
    ]
    for cap, most in enumerate(problem.cap.tolist()):
        rows.append((np.flatnonzero((problem.caps == cap).any(axis=1)).tolist(), 0, most))
    return rows


def plain_highs(problem: Problem) -> int | None:
    rows = _rows(problem)
    model = highspy.HighsLp()
    people = len(problem.pool)
    model.num_col_, model.num_row_ = people, len(rows)
    model.col_cost_ = -problem.pool.gains.astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(people), np.ones(people)
    model.row_lower_, model.row_upper_ = [float(row[1]) for row in rows], [float(row[2]) for row in rows]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([row[0] for row in rows]).astype(np.int32)
    model.a_matrix_.value_ = np.ones(len(model.a_matrix_.index_))
    model.integrality_ = [highspy.HighsVarType.kInteger] * people
    solver = quiet()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.99)
    solver.setOptionValue("time_limit", _PATIENCE)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return round(-solver.getInfo().objective_function_value)


def cp_sat(problem: Problem) -> int | None:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    people = [model.new_bool_var("") for _ in range(len(problem.pool))]
    for members, low, high in _rows(problem):
        model.add_linear_constraint(sum(people[person] for person in members), low, high)
    model.maximize(cp_model.LinearExpr.weighted_sum(people, problem.pool.gains.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = _PATIENCE
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def scipy_milp(problem: Problem) -> int | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    rows = _rows(problem)
    starts = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])])
    among = np.concatenate([row[0] for row in rows]).astype(int)
    matrix = csr_matrix((np.ones(len(among)), among, starts), shape=(len(rows), len(problem.pool)))
    found = milp(
        -problem.pool.gains,
        integrality=np.ones(len(problem.pool)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]),
        options={"mip_rel_gap": 0.0, "time_limit": _PATIENCE},
    )
    return round(-found.fun) if found.status == 0 else None


def contestants(people: int) -> dict[str, Callable[[Problem], int | None]]:
    found: dict[str, Callable[[Problem], int | None]] = {"hearth": hearth}
    if people <= _PEERS_UP_TO:
        found["HiGHS, plain model"] = plain_highs
        if find_spec("ortools"):
            found["CP-SAT"] = cp_sat
        if find_spec("scipy"):
            found["scipy milp"] = scipy_milp
    return found


def run(sizes: Iterable[Size] = SIZES, repeats: int = 5) -> dict[str, Any]:
    """Seconds (median), proven total (None: not proven in time) and `ratio` to ours, by contestant and size."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        pool, rules = synthetic(size)
        entrants = contestants(size[0])
        seconds: dict[str, list[float]] = {name: [] for name in entrants}
        totals: dict[str, int | None] = {}
        for _ in range(repeats):
            for name, solve in entrants.items():
                started = time.perf_counter()
                totals[name] = solve(state(pool, rules, size[1]))
                seconds[name].append(time.perf_counter() - started)
        own = median(seconds["hearth"])
        rows += [
            {"size": list(size), "name": name, "seconds": round(median(times), 4)}
            | {"times_ours": round(median(times) / own, 1), "total": totals[name]}
            for name, times in seconds.items()
        ]
    growing = [(row["size"][0], row["seconds"]) for row in rows if row["name"] == "hearth" and row["size"][1] == 60]
    return {"bench": "selection", "repeats": repeats, "rows": rows, "exponent": exponent(growing)}


def exponent(points: list[tuple[int, float]]) -> float | None:
    """The power with which seconds grow with the number of people, from the smallest to the largest."""
    if len(points) < 2:
        return None
    (x0, y0), (x1, y1) = points[0], points[-1]
    return round(log(y1 / y0) / log(x1 / x0), 2)


def main(repeats: int) -> None:
    """A line for each contestant and size."""
    report = Report("selection", ">= 10x faster than HiGHS on the plain model and CP-SAT from 10,000 up, gap 0")
    found = run(repeats=repeats)
    for row in found["rows"]:
        figures = {"seconds_s": row["seconds"], "times ours_times": row["times_ours"], "total": row["total"]}
        report.row(row["name"], figures, [int(part) for part in row["size"]])
    own = [row for row in found["rows"] if row["name"] == "hearth" and row["size"][1] == 60]
    report.growth("selection, by people", [row["size"][0] for row in own], [row["seconds"] for row in own])
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
