"""Which panels there are: every way of taking whole numbers of each kind of people that keeps the rules.

People of one kind are alike in every rule, and a fair lottery loses nothing by giving them the same chance. So a panel
here is a vector of counts by kind, and the people are drawn within kinds at the end.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from services.cohorts.domain.selection.kinds import Kinds
from shared.highs import Columns, Floats, Linear

Counts = npt.NDArray[np.int64]
TINY = 1e-7


@dataclass(frozen=True)
class Box:
    """Bounds on the counts of each kind, and on each row, narrower than the rules' own."""

    lower: Floats
    upper: Floats
    low: Floats
    high: Floats


class Panels:
    """Finds the panel that is best by given worths: by the linear relaxation, and only if that is split, exactly."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.all = Box(
            np.zeros(len(kinds.count)),
            kinds.count.astype(float),
            kinds.low.astype(float),
            kinds.high.astype(float),
        )
        self.columns = Columns(kinds.held.sum(axis=1), np.nonzero(kinds.held)[1])
        self.linear = Linear(self.all.low, self.all.high)
        self.linear.add_columns(self.all.lower * 0, self.all.lower, self.all.upper, self.columns)
        self.every = np.arange(len(kinds.count))
        self.rows = np.arange(len(kinds.low))

    def best(self, worth: Floats, within: Box | None = None) -> Counts | None:
        """The whole panel of the highest total worth (per person of each kind); None if there is no panel."""
        split = self.relaxed(worth, within)
        if split is None:
            return None
        whole = np.rint(split)
        if np.abs(split - whole).max(initial=0.0) < TINY:
            return whole.astype(np.int64)
        return self.exact(worth, within)

    def near(self, worth: Floats, within: Box) -> Counts | None:
        """A whole panel that is good by `worth`, not always the best: only what the relaxation splits is searched."""
        split = self.relaxed(worth, within)
        if split is None:
            return None
        whole = np.rint(split)
        settled = np.abs(split - whole) < TINY
        if settled.all():
            return whole.astype(np.int64)
        for many in (80, 250, len(whole)):
            found = self.exact(worth, self._mostly_settled(within, whole, settled, many), good_enough=0.5)
            if found is not None:
                return found
        return None

    def _mostly_settled(self, box: Box, whole: Floats, settled: npt.NDArray[np.bool_], many: int) -> Box:
        """Leave open what is split, and `many` others spread evenly over the kinds."""
        keep = settled.copy()
        keep[np.linspace(0, len(keep) - 1, min(many, len(keep))).astype(int)] = False
        return replace(box, lower=np.where(keep, whole, box.lower), upper=np.where(keep, whole, box.upper))

    def relaxed(self, worth: Floats, within: Box | None = None) -> Floats | None:
        """The best panel that may split people."""
        box = within or self.all
        self.linear.bound(self.every, box.lower, box.upper)
        self.linear.bound_rows(self.rows, box.low, box.high)
        self.linear.price(self.every, worth)
        return self.linear.values() if self.linear.solve() else None

    def exact(self, worth: Floats, within: Box | None = None, good_enough: float = 0.0) -> Counts | None:
        """By integer programme; `good_enough` is the relative gap at which to stop."""
        box = within or self.all
        programme = self.kinds.programme(worth, box.low, box.high)
        answer = programme.between(box.lower, box.upper).solve(good_enough=good_enough)
        return None if answer is None else np.rint(answer).astype(np.int64)


def shares(kinds: Kinds, counts: Floats) -> Floats:
    """The chance of each person of each kind under average counts."""
    chance: Floats = counts / kinds.count
    return chance
