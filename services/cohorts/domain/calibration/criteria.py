"""Scores on several criteria: one score per review, or one calibration per criterion."""

from collections import defaultdict
from collections.abc import Sequence

from .model import Review


def one_score_per_review(reviews: Sequence[Review]) -> Sequence[Review]:
    """The mean over criteria. Where a review leaves some out, each criterion is first brought to the same mean.

    Otherwise a reviewer who skipped a criterion on which all score low would look lenient.
    """
    if len({x.criterion for x in reviews}) == 1:
        return reviews
    by_criterion: dict[str, list[float]] = defaultdict(list)
    by_review: dict[tuple[str, str], list[Review]] = defaultdict(list)
    for review in reviews:
        by_criterion[review.criterion].append(review.score)
        by_review[review.reviewer, review.application].append(review)
    mean = {criterion: sum(scores) / len(scores) for criterion, scores in by_criterion.items()}
    middle = sum(mean.values()) / max(len(mean), 1)
    everything = len(mean)
    return [
        Review(r, a, sum(x.score for x in given) / len(given))
        if len(given) == everything
        else Review(r, a, middle + sum(x.score - mean[x.criterion] for x in given) / len(given))
        for (r, a), given in by_review.items()
    ]


def by_criterion(reviews: Sequence[Review]) -> dict[str, list[Review]]:
    """Reviews without criterion, for each criterion in order of name; empty if there are no criteria."""
    split: dict[str, list[Review]] = {name: [] for name in sorted({x.criterion for x in reviews}) if name}
    for review in reviews:
        if review.criterion:
            split[review.criterion].append(review._replace(criterion=""))
    return split
