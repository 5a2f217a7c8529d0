"""Calibration: taking reviewers' leniency out of applications' scores, where the reviews can tell it.

score = application (fixed) + leniency of the reviewer + noise, by least squares in the manner of Platt and Burges
("Regularised least squares to remove reviewer bias", 2012), the penalty set by the estimated variances:

- reviewers who cannot be told apart (the likelihood test of `variance`): scores are left `raw`;
- every comparison of reviewers rests on at least `WELL_TIED` shared readings: no penalty (`full`). There a penalty buys
  almost nothing, and without it no constant that anybody adds to all their scores moves any application past another;
- otherwise leniency is `shrunk` by noise over leniency variance, which keeps weak comparisons from doing harm.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from shared.errors import Invalid

from .criteria import by_criterion, one_score_per_review
from .design import Design, Numbers, design, islands
from .model import ApplicationScore, Calibration, Method, Refusal, Review, ReviewerLeniency
from .triage import disagreements
from .variance import Components, Contrasts, components, contrasts

MINIMUM_REVIEWS, MINIMUM_REVIEWERS, MINIMUM_SPARE = 20, 3, 5
WELL_TIED = 5.0
_NOTES: dict[Method, str] = {
    "full": "Reviewers differ, and share enough reading to say by how much: their leniency is taken out in full.",
    "shrunk": "Reviewers differ, but some share little reading: their leniency is taken out only as far as it is sure.",
    "raw": "No difference between reviewers can be told from chance: the scores are left as they were given.",
}


def calibrate(reviews: Sequence[Review]) -> Calibration:
    """One answer for all reviews; with criteria, for each review's mean over them. Raises `Invalid`."""
    _refuse_bad(reviews)
    return _calibrate(design(one_score_per_review(reviews)))


def calibrate_criteria(reviews: Sequence[Review]) -> dict[str, Calibration]:
    """One answer per criterion; none without criteria. Raises `Invalid`."""
    _refuse_bad(reviews)
    return {name: _calibrate(design(part)) for name, part in by_criterion(reviews).items()}


def _refuse_bad(reviews: Sequence[Review]) -> None:
    keys = [(x.reviewer, x.application, x.criterion) for x in reviews]
    twice = [key for key, times in Counter(keys).items() if times > 1] if len(set(keys)) < len(keys) else []
    problems = [f"{r} scored {a} more than once" + (f" on {c}" if c else "") for r, a, c in sorted(twice)]
    problems += [f"{x.reviewer} gave {x.application} no number" for x in reviews if not math.isfinite(x.score)]
    if not reviews:
        problems.append("There are no reviews")
    if problems:
        raise Invalid({"reviews": problems})


def _calibrate(d: Design) -> Calibration:
    island = islands(d)
    if int(island.max()) > 0:
        return _apart(d, island)
    spare = len(d.score) - len(d.applications) - len(d.reviewers) + 1
    if len(d.score) < MINIMUM_REVIEWS or len(d.reviewers) < MINIMUM_REVIEWERS or spare < MINIMUM_SPARE:
        return _refused(d, _too_few(d, spare))
    c = contrasts(d)
    found = components(c)
    method: Method = "raw" if not found.real else "full" if c.values[0] >= WELL_TIED else "shrunk"
    return _answer(d, c, found, method)


def _too_few(d: Design, spare: int) -> Refusal:
    text = (
        f"{len(d.score)} reviews of {len(d.applications)} applications by {len(d.reviewers)} reviewers are too few. "
        f"Needed: {MINIMUM_REVIEWS} reviews, {MINIMUM_REVIEWERS} reviewers, and {MINIMUM_SPARE} reviews more than one "
        f"for each application and reviewer (there are {max(spare, 0)})."
    )
    return Refusal("too-few-reviews", text)


def _apart(d: Design, island: np.ndarray) -> Calibration:
    """Refused as a whole: scores on different islands cannot be compared. Each island is calibrated by itself."""
    groups = [np.flatnonzero(island == i) for i in range(int(island.max()) + 1)]
    names = tuple(tuple(d.reviewers[r] for r in group) for group in groups)
    text = "These groups of reviewers share no application, so their scores cannot be compared: " + "; ".join(
        ", ".join(group) for group in names
    )
    refused = _refused(d, Refusal("not-connected", text + ".", names))
    parts = tuple(_calibrate(d.part(island[d.reviewer] == i)) for i in range(len(groups)))
    return Calibration(refused.applications, refused.reviewers, "refused", refused.note, refused.refused, islands=parts)


def _refused(d: Design, refusal: Refusal) -> Calibration:
    raw, n, each = d.means.tolist(), d.per_application.tolist(), d.per_reviewer.tolist()
    return Calibration(
        tuple(ApplicationScore(a, _tidy(x), None, None, k) for a, x, k in zip(d.applications, raw, n, strict=True)),
        tuple(ReviewerLeniency(r, None, None, k) for r, k in zip(d.reviewers, each, strict=True)),
        "refused",
        refusal.message,
        refusal,
    )


def _answer(d: Design, c: Contrasts, found: Components, method: Method) -> Calibration:
    penalty = found.noise / found.leniency if method == "shrunk" else 0.0
    noise = (
        found.noise
        if method != "raw"
        else (c.residual + float((c.sides**2 / c.values).sum())) / (c.spare + len(c.values))
    )
    weights = 1.0 / (c.values + penalty)
    covariance = noise * (c.vectors * weights) @ c.vectors.T
    leniency = np.zeros(len(d.reviewers)) if method == "raw" else c.vectors @ (weights * c.sides)
    adjusted = d.means - d.mean_over_reviews(leniency[d.reviewer])
    variance = noise / d.per_application + (0.0 if method == "raw" else _carried(d, covariance))
    return Calibration(
        tuple(
            map(
                ApplicationScore,
                d.applications,
                *_columns(d.means, adjusted, np.sqrt(variance)),
                d.per_application.tolist(),
            )
        ),
        tuple(
            map(
                ReviewerLeniency,
                d.reviewers,
                *_columns(leniency, np.sqrt(covariance.diagonal())),
                d.per_reviewer.tolist(),
            )
        ),
        method,
        _NOTES[method],
        leniency_sd=_tidy(float(np.sqrt(found.leniency))),
        noise_sd=_tidy(float(np.sqrt(noise))),
        tie=_tidy(float(c.values[0])),
        disagreements=disagreements(d, leniency),
    )


def _carried(d: Design, covariance: Numbers) -> Numbers:
    """The variance (n) that reviewers' uncertain leniency carries into each application's adjusted score."""
    n = len(d.applications)
    own = np.bincount(d.application, weights=covariance.diagonal()[d.reviewer], minlength=n)
    total = np.asarray(own, dtype=np.float64)
    for first, second in d.pairs():
        between = covariance[d.reviewer[first], d.reviewer[second]]
        total += 2.0 * np.bincount(d.application[first], weights=between, minlength=n)
    carried: Numbers = np.maximum(total, 0.0) / d.per_application**2
    return carried


def _columns(*columns: Numbers) -> list[list[float]]:
    return [np.round(column, 9).tolist() for column in columns]


def _tidy(value: float) -> float:
    return round(value, 9)
