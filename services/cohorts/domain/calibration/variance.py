"""How much do reviewers differ? Variance components by restricted maximum likelihood, exact and in one dimension.

With applications as fixed effects eliminated, the eigenvectors of the reviewers' equations give independent contrasts
t with mean noise + leniency * eigenvalue (variances), beside a residual sum of squares that holds noise alone
(Patterson and Thompson, 1971; the eigenvector form as in Kang et al., Genetics 2008).
"""

from dataclasses import dataclass

import numpy as np

from .design import Design, Numbers, eliminated

_RATIOS = np.concatenate([[0.0], np.logspace(-6, 8, 281)])
_REAL = 2.706  # twice the log-likelihood that chance passes one time in twenty when there is nothing (half chi-squared)


@dataclass(frozen=True)
class Contrasts:
    """Eigenvalues (k) above nothing, eigenvectors (m, k), right-hand sides in their terms (k), and the residual."""

    values: Numbers
    vectors: Numbers
    sides: Numbers
    residual: float
    spare: int


@dataclass(frozen=True)
class Components:
    """`noise` and `leniency` variances; `real`: whether the latter can be told from nothing."""

    noise: float
    leniency: float
    real: bool


def contrasts(d: Design) -> Contrasts:
    """What the reviews say about reviewers only. `spare`: reviews beyond one per application and reviewer."""
    matrix, side = eliminated(d)
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-9 * max(values[-1], 1.0)
    values, vectors = values[kept], vectors[:, kept]
    sides = vectors.T @ side
    within = float(((d.score - d.means[d.application]) ** 2).sum())
    scale = float((d.score**2).sum())
    residual = max(within - float((sides**2 / values).sum()), 0.0)
    spare = len(d.score) - len(d.applications) - len(values)
    return Contrasts(values, vectors, sides, residual if residual > 1e-18 * scale else 0.0, spare)


def components(c: Contrasts) -> Components:
    """The ratio of leniency to noise by a grid and then by golden section on its logarithm."""
    squares, count = c.sides**2 / c.values, c.spare + len(c.values)
    total = c.residual + float(squares.sum())
    if total <= 0.0:
        return Components(0.0, 0.0, False)
    smallest = total * 1e-24

    def noise(ratio: float) -> float:
        return max((c.residual + float((squares / (1.0 + ratio * c.values)).sum())) / count, smallest)

    def deviance(ratio: float) -> float:
        return float(np.log1p(ratio * c.values).sum() + count * np.log(noise(ratio)))

    grid = [deviance(ratio) for ratio in _RATIOS]
    best = int(np.argmin(grid))
    ratio = 0.0 if best == 0 else _golden(deviance, _RATIOS[max(best - 1, 1)], _RATIOS[min(best + 1, len(_RATIOS) - 1)])
    return Components(noise(ratio), ratio * noise(ratio), grid[0] - deviance(ratio) > _REAL)


def _golden(function, low: float, high: float) -> float:  # type: ignore[no-untyped-def]
    """The smallest value's place between two positive ends, on a logarithmic scale."""
    a, b = float(np.log(low)), float(np.log(high))
    share = (5**0.5 - 1) / 2
    for _ in range(40):
        left, right = b - share * (b - a), a + share * (b - a)
        if function(np.exp(left)) <= function(np.exp(right)):
            b = right
        else:
            a = left
    return float(np.exp((a + b) / 2))
