"""Calibration: does it find the best tenth, and how fast? Synthetic truth, four methods, three kinds of round.

Truth: 10,000 reviews, three for each application, 500 reviewers; applications differ by 8 (standard
deviation), reviewers' leniency by 6, noise is 8. `random`: reviewers drawn at random. `like`: each reviewer sees
applications of similar standing. `same`: drawn at random, and reviewers do not differ at all.
"""

import sys
import time
from collections.abc import Iterable
from math import log
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.cohorts.domain.calibration import Review, calibrate
from services.cohorts.domain.calibration.design import design
from services.cohorts.domain.calibration.variance import components, contrasts
from tests.bench.reporting import Report

SIZES = (1_000, 10_000, 100_000)
KINDS = ("random", "like", "same")
PER_APPLICATION, TRUTH, LENIENCY, NOISE = 3, 8.0, 6.0, 8.0
_SEEDS, _BLUR = 10, 2.0
Numbers = NDArray[np.float64]


class Round:
    """n applications with `truth` (n), m reviewers; `reviewer` and `score` (n, 3)."""

    def __init__(self, reviews: int, reviewers: int, kind: str, seed: int) -> None:
        rng = np.random.default_rng(seed)
        n = reviews // PER_APPLICATION
        self.n, self.m = n, reviewers
        self.truth = rng.normal(50, TRUTH, n)
        leniency = rng.normal(0, LENIENCY, reviewers) if kind != "same" else np.zeros(reviewers)
        self.reviewer = _like(self.truth, reviewers, rng) if kind == "like" else _drawn(n, reviewers, rng)
        self.score = self.truth[:, None] + leniency[self.reviewer] + rng.normal(0, NOISE, self.reviewer.shape)

    def reviews(self) -> list[Review]:
        return [
            Review(f"r{r:04}", f"a{a:06}", s)
            for a, (people, scores) in enumerate(zip(self.reviewer.tolist(), self.score.tolist(), strict=True))
            for r, s in zip(people, scores, strict=True)
        ]

    def recall(self, estimate: Numbers) -> float:
        """How much of the truly best tenth is in the estimated best tenth."""
        best = self.n // 10
        return len(set(np.argsort(-self.truth)[:best]) & set(np.argsort(-estimate, kind="stable")[:best])) / best


def _drawn(n: int, m: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return np.argsort(rng.random((n, m)), axis=1)[:, :PER_APPLICATION]


def _like(truth: Numbers, m: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Reviewers stand in a row beside the applications, ordered by a blurred truth, and read what is near."""
    n = len(truth)
    place = np.empty(n)
    place[np.argsort(truth + rng.normal(0, _BLUR * TRUTH, n))] = np.linspace(0, m - 1, n)
    distance = np.abs(np.arange(m)[None, :] - place[:, None]) + rng.random((n, m)) * m / 4
    return np.argsort(distance, axis=1)[:, :PER_APPLICATION]


def raw_means(d: Round) -> Numbers:
    return np.asarray(d.score.mean(axis=1))


def z_scores(d: Round) -> Numbers:
    """Each reviewer's scores brought to mean 0 and standard deviation 1."""
    flat, scores = d.reviewer.ravel(), d.score.ravel()
    count = np.maximum(np.bincount(flat, minlength=d.m), 1)
    mean = np.bincount(flat, weights=scores, minlength=d.m) / count
    spread = np.sqrt(np.bincount(flat, weights=(scores - mean[flat]) ** 2, minlength=d.m) / count)
    return np.asarray(((scores - mean[flat]) / np.maximum(spread[flat], 1e-9)).reshape(d.score.shape).mean(axis=1))


def both_random(d: Round) -> Numbers:
    """Applications and reviewers both shrunk, with the true variances: the usual mixed model (dense solve)."""
    size = d.n + d.m
    flat, scores = d.reviewer.ravel(), d.score.ravel() - d.score.mean()
    lam_a, lam_r = NOISE**2 / TRUTH**2, NOISE**2 / LENIENCY**2
    # Applications eliminated, as they only meet reviewers.
    incidence = np.zeros((d.n, d.m))
    np.add.at(incidence, (np.repeat(np.arange(d.n), PER_APPLICATION), flat), 1.0)
    weight = 1.0 / (PER_APPLICATION + lam_a)
    sums = scores.reshape(d.score.shape).sum(axis=1)
    matrix = np.diag(incidence.sum(axis=0) + lam_r) - weight * incidence.T @ incidence
    leniency = np.linalg.solve(matrix, np.bincount(flat, weights=scores, minlength=d.m) - weight * incidence.T @ sums)
    assert size == incidence.shape[0] + incidence.shape[1]
    return np.asarray(weight * (sums - incidence @ leniency))


def hearth(d: Round) -> Numbers:
    return np.array([x.adjusted for x in calibrate(d.reviews()).applications])


def always_shrunk(d: Round) -> Numbers:
    """As Hearth where reviews tie reviewers weakly, in every case: what `raw` and `full` change."""
    arrays = design(d.reviews())
    c = contrasts(arrays)
    found = components(c)
    penalty = found.noise / found.leniency if found.leniency > 0 else np.inf
    leniency = c.vectors @ (c.sides / (c.values + penalty))
    return np.asarray(arrays.means - arrays.mean_over_reviews(leniency[arrays.reviewer]))


METHODS = {
    "raw means": raw_means,
    "z-scores": z_scores,
    "both random": both_random,
    "always shrunk": always_shrunk,
    "hearth": hearth,
}


def recall(reviews: int = 10_000, reviewers: int = 500, seeds: int = _SEEDS) -> dict[str, dict[str, float]]:
    """Mean recall of the best tenth by kind of round and method."""
    table: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        rounds = [Round(reviews, reviewers, kind, seed) for seed in range(seeds)]
        table[kind] = {
            name: round(float(np.mean([d.recall(method(d)) for d in rounds])), 3) for name, method in METHODS.items()
        }
    return table


def dense(d: Round) -> None:
    """The same equations as one sees them first: a dense matrix of applications and reviewers together."""
    size = d.n + d.m
    table = np.zeros((d.score.size, size))
    at = np.arange(d.score.size)
    table[at, np.repeat(np.arange(d.n), PER_APPLICATION)] = 1.0
    table[at, d.n + d.reviewer.ravel()] = 1.0
    penalty = np.zeros(size)
    penalty[d.n :] = NOISE**2 / LENIENCY**2
    np.linalg.solve(table.T @ table + np.diag(penalty), table.T @ d.score.ravel())


_DENSE_UP_TO = 3_000


def run(sizes: Iterable[int] = SIZES, repeats: int = 5) -> dict[str, Any]:
    """Seconds (median) by number of reviews, in turn with the dense solve at small sizes; recall; exponent."""
    rows = []
    for reviews in sizes:
        d = Round(reviews, max(10, reviews // 300), "random", 1)
        listed = d.reviews()
        ours, theirs = [], []
        for _ in range(repeats):
            started = time.perf_counter()
            calibrate(listed)
            ours.append(time.perf_counter() - started)
            if reviews <= _DENSE_UP_TO:
                started = time.perf_counter()
                dense(d)
                theirs.append(time.perf_counter() - started)
        rows.append({"reviews": reviews, "reviewers": d.m, "seconds": round(median(ours), 4)})
        if theirs:
            rows[-1]["dense_seconds"] = round(median(theirs), 4)
    first, last = rows[0], rows[-1]
    power = log(last["seconds"] / first["seconds"]) / log(last["reviews"] / first["reviews"]) if len(rows) > 1 else None
    return {
        "bench": "calibration",
        "repeats": repeats,
        "rows": rows,
        "recall": recall(),
        "exponent": None if power is None else round(power, 2),
    }


def main(repeats: int) -> None:
    """A line for each size, and one for the recall of each method in each kind of round."""
    report = Report("calibration", "best recall of the top tenth; 100,000 reviews < 1 s")
    found = run(repeats=repeats)
    for row in found["rows"]:
        figures = {"ours_s": row["seconds"]}
        if "dense_seconds" in row:
            figures |= {"dense_s": row["dense_seconds"], "ratio_times": row["dense_seconds"] / row["seconds"]}
        report.row("reviews calibrated", figures, row["reviews"])
    for kind, methods in found["recall"].items():
        report.row(f"recall of the best tenth, {kind}", methods)
    report.growth("calibration", [r["reviews"] for r in found["rows"]], [r["seconds"] for r in found["rows"]])
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
