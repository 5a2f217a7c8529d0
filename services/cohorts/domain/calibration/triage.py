"""Applications whose reviewers disagree more than noise explains: those to talk about first."""

import math

import numpy as np

from .design import Design, Numbers
from .model import Disagreement

CHANCE = 0.01


def disagreements(d: Design, leniency: Numbers) -> tuple[Disagreement, ...]:
    """Spread of each application's reviews, leniency (m) taken out, against the noise of the whole round; rarest first.

    Only those that noise alone would give less than one time in a hundred.
    """
    fair = d.score - leniency[d.reviewer]
    left = fair - d.mean_over_reviews(fair)[d.application]
    squares = np.bincount(d.application, weights=left**2, minlength=len(d.applications))
    freedom = d.per_application - 1
    noise = float(squares.sum()) / max(int(freedom.sum()), 1)
    if noise <= 1e-18 * float((d.score**2).mean()):
        return ()
    found = [
        Disagreement(
            d.applications[a],
            math.sqrt(squares[a] / freedom[a]),
            math.sqrt(noise),
            chance_of(float(squares[a]) / noise, int(freedom[a])),
            int(d.per_application[a]),
        )
        for a in np.flatnonzero(squares > noise * freedom)
    ]
    return tuple(sorted((x for x in found if x.chance < CHANCE), key=lambda x: (x.chance, x.application)))


def chance_of(squares: float, freedom: int) -> float:
    """How often chi-squared with this freedom passes `squares`: the finite sums for whole degrees of freedom."""
    half = squares / 2.0
    odd = freedom % 2
    chance = math.erfc(math.sqrt(half)) if odd else 0.0
    for i in range(freedom // 2):
        power = i + 0.5 * odd
        chance += math.exp(power * math.log(half) - half - math.lgamma(power + 1.0)) if half > 0 else float(power == 0)
    return min(chance, 1.0)
