"""Do the criteria measure different things? Where scores move together, one impression may be scored several times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

FEWEST = 20
TOGETHER = 0.8


class Pair(NamedTuple):
    """Two criteria, how closely their scores move together (-1 to 1), and from how many reviews."""

    first: str
    second: str
    correlation: float
    n: int


@dataclass(frozen=True, slots=True)
class Halo:
    """`pairs`: the most alike first. `level`: each reviewer's reviews with one score throughout, and all of them."""

    pairs: tuple[Pair, ...]
    level: Mapping[UUID, tuple[int, int]]


def halo(reviews: Sequence[tuple[UUID, Mapping[str, Mapping[str, Any]]]], criteria: Sequence[str]) -> Halo:
    """What (reviewer, scores by criterion) of complete reviews say; no pairs below twenty reviews."""
    complete = [
        (who, [float(scores[c]["score"]) for c in criteria])
        for who, scores in reviews
        if all(scores.get(c, {}).get("score") is not None for c in criteria)
    ]
    level: dict[UUID, tuple[int, int]] = {}
    for who, line in complete:
        same, of = level.get(who, (0, 0))
        level[who] = (same + (len(line) > 1 and min(line) == max(line)), of + 1)
    if len(complete) < FEWEST or len(criteria) < 2:
        return Halo((), level)
    return Halo(_pairs(np.array([line for _, line in complete]), criteria), level)


def _pairs(table: Any, criteria: Sequence[str]) -> tuple[Pair, ...]:
    """Criteria that never vary are left out: nothing can be said of them."""
    spread = table.std(axis=0)
    found = [
        Pair(criteria[a], criteria[b], round(float(np.corrcoef(table[:, a], table[:, b])[0, 1]), 4), len(table))
        for a, b in combinations(range(len(criteria)), 2)
        if spread[a] > 0 and spread[b] > 0
    ]
    return tuple(sorted(found, key=lambda pair: -pair.correlation))
