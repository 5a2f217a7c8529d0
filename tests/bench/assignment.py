"""Assignment beside a plain minimum-cost flow, and beside other packages where they are installed.

`run` takes sizes (applications, reviewers, reviews per application) and answers seconds, medians of repeats taken in
turn (A B A B ...), with floor and total. networkx is measured at small sizes only.
"""

import sys
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from math import log
from statistics import median
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools import graph
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.cohorts.domain.assignment import assign
from tests.bench.reporting import Report

GOAL = ">= 7x and 15x of openreview-matcher at the small size, 100x at the large; floor and total >= theirs"
Size = tuple[int, int, int]
SIZES: tuple[Size, ...] = ((300, 20, 3), (1_000, 50, 3), (10_000, 300, 3))
_NETWORKX_UP_TO = 60_000
_PEERS_UP_TO = 60_000


def synthetic(n: int, m: int, seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Affinities (n, m) from shared topics and some taste, four decimals; one pair in twenty is a conflict."""
    rng = np.random.default_rng(seed)
    topics = rng.dirichlet(np.full(8, 0.3), n) @ rng.dirichlet(np.full(8, 0.3), m).T
    return np.round(topics + rng.random((n, m)) * 0.3, 4), rng.random((n, m)) < 0.05


def hearth(table: NDArray[np.float64], conflicts: NDArray[np.bool_], k: int) -> dict[str, Any]:
    applications = [f"a{i:05}" for i in range(len(table))]
    reviewers = [f"r{j:04}" for j in range(table.shape[1])]
    barred = [(applications[a], reviewers[r]) for a, r in np.argwhere(conflicts)]
    found = assign(applications, reviewers, per_application=k, conflicts=barred, affinities=table)
    return {
        "floor": found.minimum_affinity,
        "total": found.total_affinity,
        "optimal": found.optimal,
        "spread": found.highest_load - found.lowest_load,
    }


def _worth(table: NDArray[np.float64], pairs: NDArray[np.int64]) -> dict[str, Any]:
    sums = np.bincount(pairs[:, 0], weights=table[pairs[:, 0], pairs[:, 1]], minlength=len(table))
    load = np.bincount(pairs[:, 1], minlength=table.shape[1])
    return {"floor": round(float(sums.min()), 4), "total": round(float(sums.sum()), 4), "spread": int(np.ptp(load))}


def plain_flow(table: NDArray[np.float64], conflicts: NDArray[np.bool_], k: int) -> dict[str, Any]:
    """All arcs at once, the total only: what anybody would write first."""
    n, m = table.shape
    rows, columns = np.nonzero(~conflicts)
    low, extra = divmod(n * k, m)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        rows, columns + n, np.ones_like(rows), -np.rint(table[rows, columns] * 10_000).astype(np.int64)
    )
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(m) + n, np.full(m, n + m), np.full(m, int(extra > 0)), np.zeros(m, dtype=np.int64)
    )
    supplies = np.concatenate([np.full(n, k), np.full(m, -low), [-extra]])
    solver.set_nodes_supplies(np.arange(n + m + 1), supplies)
    if solver.solve() != solver.OPTIMAL:
        raise ArithmeticError("no flow")
    used = solver.flows(arcs) > 0
    return _worth(table, np.column_stack([rows[used], columns[used]]))


def by_networkx(table: NDArray[np.float64], conflicts: NDArray[np.bool_], k: int) -> dict[str, Any]:
    networkx = import_module("networkx")
    n, m = table.shape
    low, extra = divmod(n * k, m)
    graph = networkx.DiGraph()
    for a in range(n):
        graph.add_node(("a", a), demand=-k)
    for r in range(m):
        graph.add_node(("r", r), demand=low)
        graph.add_edge(("r", r), "sink", capacity=int(extra > 0), weight=0)
    graph.add_node("sink", demand=extra)
    for a, r in np.argwhere(~conflicts).tolist():
        graph.add_edge(("a", a), ("r", r), capacity=1, weight=-round(table[a, r] * 10_000))
    _, flow = networkx.network_simplex(graph)
    pairs = [(a, r) for a in range(n) for (_, r), units in flow["a", a].items() if units]
    return _worth(table, np.array(pairs))


def _peer(module: str, solver_name: str) -> Callable[[NDArray[np.float64], NDArray[np.bool_], int], dict[str, Any]]:
    """A solver of openreview-matcher, within the same load bounds."""

    def solve(table: NDArray[np.float64], conflicts: NDArray[np.bool_], k: int) -> dict[str, Any]:
        _old_names()
        n, m = table.shape
        low, extra = divmod(n * k, m)
        limits = (np.full(m, low), np.full(m, low + int(extra > 0)), np.full(n, k))
        made = np.asarray(getattr(import_module(module), solver_name)(*limits, _Encoder(table, conflicts)).solve())
        return _worth(table, np.argwhere((made if made.shape == table.shape else made.T) > 0))

    return solve


class _Encoder:
    """What these solvers ask of an encoder."""

    def __init__(self, table: NDArray[np.float64], conflicts: NDArray[np.bool_]) -> None:
        self.aggregate_score_matrix, self.cost_matrix = table, -table
        self.constraint_matrix = np.where(conflicts, -1.0, 0.0)


def _old_names() -> None:
    """openreview-matcher calls OR-tools by names that newer versions no longer have."""
    if "ortools.graph.pywrapgraph" in sys.modules:
        return
    old = {
        "AddArcWithCapacityAndUnitCost": "add_arc_with_capacity_and_unit_cost",
        "SetNodeSupply": "set_node_supply",
        "Solve": "solve",
        "OptimalCost": "optimal_cost",
        "NumArcs": "num_arcs",
        "Tail": "tail",
        "Head": "head",
        "Flow": "flow",
        "UnitCost": "unit_cost",
    }
    named = type("SimpleMinCostFlow", (SimpleMinCostFlow,), {a: getattr(SimpleMinCostFlow, b) for a, b in old.items()})
    module = ModuleType("ortools.graph.pywrapgraph")
    module.SimpleMinCostFlow = named  # type: ignore[attr-defined]
    sys.modules[module.__name__] = graph.pywrapgraph = module  # type: ignore[attr-defined]


def contestants(cells: int) -> dict[str, Callable[..., dict[str, Any]]]:
    found: dict[str, Callable[..., dict[str, Any]]] = {"hearth": hearth, "plain flow": plain_flow}
    if find_spec("networkx") and cells <= _NETWORKX_UP_TO:
        found["networkx"] = by_networkx
    if find_spec("matcher") and cells <= _PEERS_UP_TO:
        found["openreview minmax"] = _peer("matcher.solvers.minmax_solver", "MinMaxSolver")
        found["openreview FairFlow"] = _peer("matcher.solvers.fairflow", "FairFlow")
    return found


def run(sizes: Iterable[Size] = SIZES, repeats: int = 5) -> dict[str, Any]:
    """Seconds (median), floor and total by contestant and size; `ratio` to the plain flow; exponent."""
    rows: list[dict[str, Any]] = []
    for n, m, k in sizes:
        table, conflicts = synthetic(n, m)
        entrants = contestants(n * m)
        seconds: dict[str, list[float]] = {name: [] for name in entrants}
        outcome: dict[str, dict[str, Any]] = {}
        for _ in range(repeats):
            for name, solve in entrants.items():
                started = time.perf_counter()
                outcome[name] = solve(table, conflicts, k)
                seconds[name].append(time.perf_counter() - started)
        base = median(seconds["plain flow"])
        rows += [
            {"size": [n, m, k], "name": name, "seconds": round(median(times), 4)}
            | {"ratio": round(median(times) / base, 3), **outcome[name]}
            for name, times in seconds.items()
        ]
    own = [(row["size"][0] * row["size"][1], row["seconds"]) for row in rows if row["name"] == "hearth"]
    return {"bench": "assignment", "repeats": repeats, "rows": rows, "exponent": exponent(own)}


def exponent(points: list[tuple[int, float]]) -> float | None:
    """The power with which seconds grow with the number of pairs, from the smallest to the largest size."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    return round(log(y1 / y0) / log(x1 / x0), 2) if len(points) > 1 and x0 != x1 else None


def main(repeats: int) -> None:
    """A line for each contestant and size."""
    report = Report("assignment", GOAL)
    found = run(repeats=repeats)
    for row in found["rows"]:
        figures = {name: row[name] for name in ("floor", "total", "spread")}
        times = {"seconds_s": row["seconds"], "to the plain flow_times": row["ratio"]}
        report.row(row["name"], {**times, **figures}, row["size"])
    own = [row for row in found["rows"] if row["name"] == "hearth"]
    cells = [row["size"][0] * row["size"][1] for row in own]
    report.growth("assignment, by pairs", cells, [row["seconds"] for row in own])
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
