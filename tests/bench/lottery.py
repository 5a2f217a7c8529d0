"""Fair chances beside `sortition-algorithms`, with each of its back-ends that is installed.

`run` takes sizes (people, places) and answers seconds, medians of repeats taken in turn, and the lowest chance reached.
The peer runs in a process of its own and is stopped after `patience` seconds; a stopped run has no lowest chance, and
its seconds are what it was given. Its leximin needs `gurobipy` as well.
"""

import multiprocessing as mp
import sys
import time
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from math import log
from statistics import median
from typing import Any

import numpy as np

from services.cohorts.domain.lottery.chances import FAIR
from services.cohorts.domain.lottery.lottery import hold
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.targets import Target
from tests.bench.reporting import Report

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((150, 22), (200, 20), (300, 30), (1_000, 60), (2_000, 200))


def synthetic(size: Size, seed: int = 1) -> tuple[Pool, list[Target]]:
    """A pool that is not the population: volunteers by skewed shares, quotas by shares somewhat different."""
    people, places = size
    rng = np.random.default_rng(seed)
    columns, targets = {}, []
    for feature, values in enumerate((2, 4, 4, 5)):
        share = rng.dirichlet(np.full(values, 5.0))
        columns[f"f{feature}"] = [f"v{code}" for code in rng.choice(values, people, p=share)]
        wanted = 0.7 * share + 0.3 / values
        for value, part in enumerate(wanted):
            targets.append(Target.of({f"f{feature}": f"v{value}"}, int(part * places), int(part * places) + 2))
    return Pool.build([f"p{number}" for number in range(people)], None, columns), targets


def by_sortition(pool: Pool, targets: list[Target], places: int, aim: str, backend: str) -> float | None:
    """The lowest chance that the peer reaches."""
    import sortition_algorithms as peer

    heads = ["feature", "value", "min", "max"]
    body = [
        {"feature": t.where[0][0], "value": t.where[0][1][0], "min": str(t.minimum), "max": str(t.maximum)}
        for t in targets
    ]
    features, *_ = peer.read_in_features(heads, body)
    settings = peer.Settings(id_column="id", columns_to_keep=[])
    rows = [
        {"id": person, **{name: column.text(place) for name, column in pool.columns.items()}}
        for place, person in enumerate(pool.ids)
    ]
    people, _ = peer.read_in_people(["id", *pool.columns], rows, features, settings)
    _unnamed_variables()
    module = import_module(f"sortition_algorithms.committee_generation.{aim}")
    find = getattr(module, f"find_distribution_{aim}")
    panels, weights, _ = find(features, people, places, [], solver_backend=backend)
    chances = dict.fromkeys(pool.ids, 0.0)
    for panel, weight in zip(panels, weights, strict=True):
        for person in panel:
            chances[person] += weight
    return min(chance for chance in chances.values() if chance > 0)


def _unnamed_variables() -> None:
    """sortition-algorithms adds variables whose name is None, which newer versions of mip refuse."""
    if not find_spec("mip"):
        return
    model = import_module("mip").Model
    plain = model.add_var

    def add_var(self: Any, *given: Any, **named: Any) -> Any:
        return plain(self, *given, **{**named, "name": named.get("name") or ""})

    model.add_var = add_var


def _apart(answers: "mp.Queue[float | None]", *job: Any) -> None:
    answers.put(by_sortition(*job))


def with_patience(seconds: float, *job: Any) -> float | None:
    """The answer of a process of its own, or None if it was not there in time."""
    answers: mp.Queue[float | None] = mp.Queue()
    process = mp.Process(target=_apart, args=(answers, *job), daemon=True)
    process.start()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return answers.get() if process.exitcode == 0 else None


def _backends(aim: str) -> list[str]:
    if not find_spec("sortition_algorithms"):
        return []
    if aim == "leximin" and not find_spec("gurobipy"):
        return []
    return ["highspy", "mip-cbc"] if find_spec("mip") else ["highspy"]


def run(sizes: Iterable[Size] = SIZES, repeats: int = 5, patience: float = 120.0) -> dict[str, Any]:
    """Seconds (median), lowest chance and `times_ours`, by contestant, aim and size; exponent of ours."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        pool, targets = synthetic(size)
        for aim in FAIR:
            rows += _contest(pool, targets, size, aim, repeats, patience)
    own = [(row["size"][0], row["seconds"]) for row in rows if row["name"] == "hearth" and row["aim"] == "leximin"]
    return {"bench": "lottery", "repeats": repeats, "rows": rows, "exponent": exponent(own)}


def _contest(
    pool: Pool, targets: list[Target], size: Size, aim: str, repeats: int, patience: float
) -> list[dict[str, Any]]:
    names = ["hearth", *(f"sortition-algorithms, {backend}" for backend in _backends(aim))]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    lowest: dict[str, float | None] = {}
    for _ in range(repeats):
        for name in names:
            if name in lowest and lowest[name] is None:
                continue  # it was stopped once: it would be again
            started = time.perf_counter()
            if name == "hearth":
                lowest[name] = hold(pool, targets, size[1], aim=aim).minimum
            else:
                lowest[name] = with_patience(patience, pool, targets, size[1], aim, name.rpartition(" ")[2])
            seconds[name].append(time.perf_counter() - started)
    own = median(seconds["hearth"])
    return [
        {"size": list(size), "aim": aim, "name": name, "seconds": round(median(seconds[name]), 4)}
        | {"times_ours": round(median(seconds[name]) / own, 1), "lowest_chance": lowest[name]}
        for name in names
    ]


def exponent(points: list[tuple[int, float]]) -> float | None:
    """The power with which seconds grow with the number of people, from the smallest to the largest."""
    if len(points) < 2:
        return None
    (x0, y0), (x1, y1) = points[0], points[-1]
    return round(log(y1 / y0) / log(x1 / x0), 2)


def main(repeats: int, patience: float) -> None:
    """A line for each contestant, aim and size."""
    report = Report("lottery", ">= 20x of sortition-algorithms from 200 people up; lowest chance >= theirs")
    found = run(repeats=repeats, patience=patience)
    for row in found["rows"]:
        figures = {"seconds_s": row["seconds"], "times ours_times": row["times_ours"]}
        what = f"{row['name']}, {row['aim']}"
        report.row(what, {**figures, "lowest chance": row["lowest_chance"]}, row["size"])
    own = [row for row in found["rows"] if row["name"] == "hearth" and row["aim"] == "leximin"]
    report.growth("leximin, by people", [row["size"][0] for row in own], [row["seconds"] for row in own])
    report.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else 5, float(given[1]) if len(given) > 1 else 120.0)
