"""Scoring by rules against the same arithmetic written out in bare numpy: arithmetic alone, without storing."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.applications.domain.forms import parse_form
from services.applications.domain.forms.model import Form
from services.applications.domain.priority import Rules, columns_of, parse_rules, score_columns
from tests.bench.reporting import Report

SIZES = (1_000, 10_000, 100_000)
REGIONS = ("wales", "scotland", "london", "north_east", "south_west")
Scored = tuple[NDArray[np.int32], NDArray[np.int32]]


def _yes_no(name: str) -> dict[str, Any]:
    return {"id": name, "kind": "yes_no", "label": name}


FORM = {
    "title": "Bench",
    "sections": [
        {
            "id": "s",
            "title": "S",
            "questions": [
                *[_yes_no(name) for name in ("direct", "activated", "first", "paid", "rural")],
                {"id": "income", "kind": "number", "label": "income"},
                {"id": "staff", "kind": "number", "label": "staff"},
                {"id": "region", "kind": "choice", "label": "region", "choices": "uk_regions"},
            ],
        }
    ],
}
RULES: dict[str, Any] = {
    "rules": [
        {"id": "r1", "kind": "condition", "when": 'direct == "yes" and activated == "yes"', "points": 40},
        {"id": "r2", "kind": "bands", "question": "income",
         "bands": [{"below": 100_000, "points": 30}, {"below": 1_000_000, "points": 20}]},
        {"id": "r3", "kind": "list", "question": "region", "none_of": ["london"], "points": 20},
        {"id": "r4", "kind": "choice", "question": "first", "points": {"yes": 10}},
        {"id": "r5", "kind": "condition", "when": 'rural == "yes" or region == "scotland"', "points": 5},
        {"id": "r6", "kind": "bands", "question": "staff",
         "bands": [{"below": 1, "points": 9}, {"below": 5, "points": 4}]},
        {"id": "r7", "kind": "choice", "question": "paid", "points": {"no": 3}},
        {"id": "r8", "kind": "list", "question": "region", "any_of": ["wales", "north_east"], "points": 2},
        {"id": "r9", "kind": "condition", "when": "income < 500000 and staff >= 1", "points": 6},
        {"id": "r10", "kind": "choice", "question": "direct", "points": {"yes": 1}},
    ],
    "cap": {"id": "limit", "label": "limit", "at_most": 100},
}  # fmt: skip


def run(sizes: Sequence[int] = SIZES, repeats: int = 7) -> dict[str, Any]:
    """Return medians in seconds by size: `ours`, `bare`, their `ratio`, and `columns` (dicts of facts to columns)."""
    form = parse_form(FORM)
    rules = parse_rules({**RULES, "rules": [{**rule, "label": rule["id"]} for rule in RULES["rules"]]}, form)
    return {str(size): _measured(rules, form, size, repeats) for size in sizes}


def _measured(rules: Rules, form: Form, size: int, repeats: int) -> dict[str, float]:
    facts = _facts(size)
    columns = columns_of(rules, facts)
    arrays = _arrays(facts)
    ours, bare = score_columns(rules, columns), _bare(arrays)
    if not (np.array_equal(ours.points, bare[0]) and np.array_equal(ours.totals, bare[1])):
        raise AssertionError("the two scorers disagree: nothing was measured")
    times = {
        "ours": _median(lambda: score_columns(rules, columns), repeats),
        "bare": _median(lambda: _bare(arrays), repeats),
        "columns": _median(lambda: columns_of(rules, facts), min(repeats, 3)),
    }
    return {**times, "ratio": times["ours"] / times["bare"]}


def _median(work: Callable[[], object], repeats: int) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _facts(size: int) -> list[dict[str, object]]:
    random = np.random.default_rng(1)
    flags = random.integers(0, 2, (size, 5)).tolist()
    incomes, staff = random.integers(0, 2_000_000, size).tolist(), random.integers(0, 12, size).tolist()
    regions = random.integers(0, len(REGIONS), size).tolist()
    names = ("direct", "activated", "first", "paid", "rural")
    return [
        {
            **{name: "yes" if flag else "no" for name, flag in zip(names, flags[row], strict=True)},
            "income": incomes[row],
            "staff": staff[row],
            "region": REGIONS[regions[row]],
        }
        for row in range(size)
    ]


def _arrays(facts: list[dict[str, object]]) -> dict[str, NDArray[Any]]:
    """Return the answers as somebody writing bare numpy for just these rules would keep them."""
    codes = {region: code for code, region in enumerate(REGIONS)}
    found: dict[str, NDArray[Any]] = {
        name: np.array([one[name] == "yes" for one in facts])
        for name in ("direct", "activated", "first", "paid", "rural")
    }
    found["income"] = np.array([one["income"] for one in facts], dtype=np.float64)
    found["staff"] = np.array([one["staff"] for one in facts], dtype=np.float64)
    found["region"] = np.array([codes[str(one["region"])] for one in facts], dtype=np.int32)
    return found


def _bare(a: dict[str, NDArray[Any]]) -> Scored:
    points = np.empty((len(a["income"]), 10), dtype=np.int32, order="F")
    income, staff, region = a["income"], a["staff"], a["region"]
    points[:, 0] = (a["direct"] & a["activated"]) * 40
    points[:, 1] = np.where(income < 100_000, 30, np.where(income < 1_000_000, 20, 0))
    points[:, 2] = (region != 2) * 20
    points[:, 3] = a["first"] * 10
    points[:, 4] = (a["rural"] | (region == 1)) * 5
    points[:, 5] = np.where(staff < 1, 9, np.where(staff < 5, 4, 0))
    points[:, 6] = ~a["paid"] * 3
    points[:, 7] = ((region == 0) | (region == 3)) * 2
    points[:, 8] = ((income < 500_000) & (staff >= 1)) * 6
    points[:, 9] = a["direct"] * 1
    return points, np.minimum(points.sum(axis=1, dtype=np.int32), 100)


def main() -> None:
    """A line for each size, and how the cost grows."""
    report = Report("scoring")
    found = run()
    for size, taken in found.items():
        figures = {f"{name}_ms": taken[name] * 1000 for name in ("ours", "bare", "columns")}
        report.row("arithmetic of ten rules", {**figures, "ratio_times": taken["ratio"]}, int(size))
    report.growth("scoring", [int(size) for size in found], [taken["ours"] for taken in found.values()])
    report.close()


if __name__ == "__main__":
    main()
