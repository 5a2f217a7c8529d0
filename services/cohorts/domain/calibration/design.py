"""Who read what, in arrays; islands; and the equations that are left when the applications are eliminated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .model import Review

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """N reviews sorted by application: positions of its reviewer and application, and the score (N each).

    n applications, m reviewers, each sorted by id. Nobody reviews an application twice.
    """

    reviewers: tuple[str, ...]
    applications: tuple[str, ...]
    reviewer: Positions
    application: Positions
    score: Numbers

    @cached_property
    def per_application(self) -> Positions:
        return np.bincount(self.application, minlength=len(self.applications)).astype(np.int64)

    @cached_property
    def per_reviewer(self) -> Positions:
        return np.bincount(self.reviewer, minlength=len(self.reviewers)).astype(np.int64)

    @cached_property
    def means(self) -> Numbers:
        return self.mean_over_reviews(self.score)

    def mean_over_reviews(self, values: Numbers) -> Numbers:
        """The mean (n) over each application's reviews of values given per review (N)."""
        sums = np.bincount(self.application, weights=values, minlength=len(self.applications))
        means: Numbers = sums / self.per_application
        return means

    def pairs(self) -> Iterator[tuple[Positions, Positions]]:
        """Positions of reviews of the same application, every pair of them once."""
        for apart in range(1, int(self.per_application.max())):
            first = np.flatnonzero(self.application[apart:] == self.application[:-apart])
            yield first, first + apart

    def part(self, reviews: NDArray[np.bool_]) -> "Design":
        """The same with only these reviews (N)."""
        reviewers, reviewer = np.unique(self.reviewer[reviews], return_inverse=True)
        applications, application = np.unique(self.application[reviews], return_inverse=True)
        return Design(
            tuple(self.reviewers[r] for r in reviewers),
            tuple(self.applications[a] for a in applications),
            reviewer.astype(np.int64),
            application.astype(np.int64),
            self.score[reviews],
        )


def design(reviews: Sequence[Review]) -> Design:
    """Arrays from reviews without criteria."""
    by_reviewer, by_application, scores, _ = zip(*reviews, strict=True)
    reviewers, applications = sorted(set(by_reviewer)), sorted(set(by_application))
    r_at, a_at = {r: i for i, r in enumerate(reviewers)}, {a: i for i, a in enumerate(applications)}
    reviewer = np.fromiter(map(r_at.__getitem__, by_reviewer), dtype=np.int64, count=len(reviews))
    application = np.fromiter(map(a_at.__getitem__, by_application), dtype=np.int64, count=len(reviews))
    score = np.array(scores, dtype=np.float64)
    order = np.lexsort((reviewer, application))
    return Design(tuple(reviewers), tuple(applications), reviewer[order], application[order], score[order])


def islands(d: Design) -> Positions:
    """The island (m) of each reviewer, numbered from 0: reviewers joined by applications that they have both read."""
    label = np.arange(len(d.reviewers))
    while True:
        lowest = np.full(len(d.applications), len(d.reviewers))
        np.minimum.at(lowest, d.application, label[d.reviewer])
        joined = label.copy()
        np.minimum.at(joined, d.reviewer, lowest[d.application])
        joined = joined[joined]
        if (joined == label).all():
            numbers: Positions = np.unique(label, return_inverse=True)[1].astype(np.int64)
            return numbers
        label = joined


def eliminated(d: Design) -> tuple[Numbers, Numbers]:
    """The matrix (m, m) and right-hand side (m) of the normal equations for reviewers, applications eliminated.

    The matrix is the Laplacian of the graph in which reviewers of the same application are joined, each
    application counting one over its number of reviews.
    """
    m = len(d.reviewers)
    shared = np.zeros(m * m)
    weight = 1.0 / d.per_application[d.application]
    for first, second in d.pairs():
        shared += np.bincount(d.reviewer[first] * m + d.reviewer[second], weights=weight[first], minlength=m * m)
    table = shared.reshape(m, m)
    matrix = -(table + table.T)
    own = d.per_reviewer - np.bincount(d.reviewer, weights=weight, minlength=m)
    matrix[np.diag_indices(m)] += own
    within = d.score - d.means[d.application]
    return matrix, np.asarray(np.bincount(d.reviewer, weights=within, minlength=m), dtype=np.float64)
