"""Two sets of rules beside each other: who stands where, who comes into the first K and who leaves, and the shares."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOT_GIVEN = ""


@dataclass(frozen=True)
class Standing:
    """One side: totals int (n,) and ranks int (n,), 1 for the highest, in the order of `ids`."""

    ids: Sequence[str]
    totals: NDArray[Any]
    ranks: NDArray[Any]

    def first(self, places: int) -> list[int]:
        """Return the rows of the first `places`, best first; who shares a rank is in order of id."""
        order: NDArray[Any] = np.lexsort((np.array(self.ids, dtype=str), self.ranks))
        return [int(row) for row in order[:places]]


@dataclass(frozen=True)
class Moved:
    """One application on both sides."""

    id: str
    score_before: int
    score_after: int
    rank_before: int
    rank_after: int


@dataclass(frozen=True)
class Comparison:
    """The first K of the new side, and who came and went.

    `changed` counts who has another score, `on_the_line` who shares the last rank when not all of them fit; else 0.
    """

    places: int
    first: list[Moved]
    came: list[Moved]
    went: list[Moved]
    changed: int
    on_the_line: int


def compare(before: Standing, after: Standing, places: int) -> Comparison:
    """Return what changes between two sides with the same ids in the same order."""
    old, new = before.first(places), after.first(places)

    def moved(row: int) -> Moved:
        scores = int(before.totals[row]), int(after.totals[row])
        return Moved(before.ids[row], *scores, int(before.ranks[row]), int(after.ranks[row]))

    changed = int(np.count_nonzero(np.asarray(before.totals) != np.asarray(after.totals)))
    came = [moved(row) for row in new if row not in set(old)]
    went = [moved(row) for row in old if row not in set(new)]
    return Comparison(places, [moved(row) for row in new], came, went, changed, _cut(after, new))


def _cut(side: Standing, first: Sequence[int]) -> int:
    """Return how many share the rank of the last one chosen when not all of them are in; else 0."""
    if not first or len(first) == len(side.ids):
        return 0
    last = side.ranks[first[-1]]
    sharing = int(np.count_nonzero(side.ranks == last))
    return sharing if sharing > sum(side.ranks[row] == last for row in first) else 0


@dataclass(frozen=True)
class Share:
    """How many of some people have a value of an attribute: of all, of the first K before, of the first K after."""

    attribute: str
    value: str
    everybody: int
    before: int
    after: int


def shares(
    attributes: Sequence[Mapping[str, Any]], before: Iterable[int], after: Iterable[int], names: Sequence[str]
) -> list[Share]:
    """Return the shares by each attribute in `names` and each value that anybody has; an empty value is no answer."""
    groups = [range(len(attributes)), list(before), list(after)]
    found = []
    for name in names:
        counts = [Counter(value for row in group for value in _values(attributes[row].get(name))) for group in groups]
        values = sorted(counts[0], key=lambda value: (value == NOT_GIVEN, value))
        found += [Share(name, value, *(count[value] for count in counts)) for value in values]
    return found


def _values(held: Any) -> list[str]:
    if held is None or held == "" or held == []:
        return [NOT_GIVEN]
    if isinstance(held, bool):
        return ["yes" if held else "no"]
    return [str(one) for one in held] if isinstance(held, list) else [str(held)]
