"""Hide small counts, and as many others as it takes that none of them can be worked out.

A table counts the people of each group (rows) who reached each stage (columns); who reached one reached all before it,
so that no row ever rises. Totals by stage are known to everybody. Every count under FEW is hidden. What a reader can
still conclude about a hidden count is the range that it has over all tables with the same totals and the same visible
counts; while some small count's range is narrower than WIDTH, another count is hidden: the smallest of its stage
first, then its group's neighbours.

Tables of one pool can give each other away: who knows how many come from London knows something about every table of
regions. So a table is protected knowing the `Sum`s that coarser tables show.

Whoever knows how far each person came could also learn from a difference: if one person alone stopped between two
stages, the group whose counts differ by one is theirs. With `stops`, these differences are kept back like counts.

Seen as a flow of people who stop at each stage, these ranges are those of a transportation problem, so the linear
programme's ends are whole numbers that a table really takes: the audit neither over- nor understates what is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shared.highs import INFINITY, Columns, Linear
from shared.impact import FEW

WIDTH = 3
"""A hidden small count keeps at least WIDTH + 1 possible values, where the totals leave room for so many."""

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sum:
    """What another table shows: at `stage`, the counts of these groups (rows) together are `count`."""

    groups: tuple[int, ...]
    stage: int
    count: int


@dataclass(frozen=True)
class Protected:
    """`hidden` (G, S): counts not to be shown. `totals_hidden` (S,): stages that fewer than FEW people reached.

    exposed: with everything hidden, the sums that others show still pin a small count down.
    """

    hidden: Mask
    totals_hidden: Mask
    exposed: bool = False


def protect(counts: Sequence[Sequence[int]], sums: Sequence[Sum] = (), *, stops: bool = False) -> Protected:
    """What to hide of (G groups, S stages) counts, G and S at least 1; raises ValueError if a row rises.

    stops: also where fewer than FEW of a group stopped between two stages.
    """
    table = np.array(counts, dtype=np.int64)
    if (np.diff(table, axis=1) > 0).any():
        raise ValueError("somebody who reached a stage has reached all before it")
    totals = table.sum(axis=0)
    few = totals < FEW
    hidden = (table < FEW) | few
    small = hidden & ~few
    while exposed := _exposed(table, hidden, few, small, sums, stops):
        more = _next_to_hide(table, hidden, exposed)
        if more is None:
            return Protected(hidden, few, exposed=bool(sums))
        hidden[more] = True
    return Protected(hidden, few)


def _exposed(
    table: Counts, hidden: Mask, few: Mask, small: Mask, sums: Sequence[Sum], stops: bool
) -> list[tuple[int, int]]:
    """Small counts that what is shown pins down; for a small difference, the later of its two stages."""
    where = [(int(g), int(s)) for g, s in np.argwhere(small)]
    apart = [(int(g), int(s) + 1) for g, s in np.argwhere(-np.diff(table, axis=1) < FEW)] if stops else []
    if hidden.all() or not (where or apart):
        return []
    audit = Audit(table, hidden, few, sums)
    found = [cell for cell in where if np.diff(audit.range_of(*cell))[0] < WIDTH]
    return found + [cell for cell in apart if np.diff(audit.range_of(*cell, since=cell[1] - 1))[0] < WIDTH]


def _next_to_hide(table: Counts, hidden: Mask, exposed: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The smallest count still shown in an exposed count's stage; else the nearest of its group."""
    for _group, stage in exposed:
        shown = np.flatnonzero(~hidden[:, stage])
        if len(shown):
            return int(shown[np.argmin(table[shown, stage])]), stage
    for group, stage in exposed:
        shown = np.flatnonzero(~hidden[group])
        if len(shown):
            return group, int(shown[np.argmin(np.abs(shown - stage))])
    rest = np.argwhere(~hidden)
    return (int(rest[0][0]), int(rest[0][1])) if len(rest) else None


class Audit:
    """What a reader can conclude about hidden counts."""

    def __init__(self, table: Counts, hidden: Mask, few: Mask, sums: Sequence[Sum] = ()) -> None:
        groups, stages = table.shape
        self.shape = table.shape
        totals = table.sum(axis=0).astype(float)
        steps = groups * (stages - 1)
        low = np.concatenate([np.where(few, 0.0, totals), np.zeros(steps)])
        high = np.concatenate([np.where(few, float(FEW - 1), totals), np.full(steps, INFINITY)])
        self.linear = Linear(low, high)
        lower = np.where(hidden, 0, table).astype(float).reshape(-1)
        upper = np.where(hidden, totals.max(), table).astype(float).reshape(-1)
        self.linear.add_columns(np.zeros(table.size), lower, upper, self._entries())
        self.every = np.arange(table.size)
        if sums:
            among = [group * stages + one.stage for one in sums for group in one.groups]
            counts = np.array([float(one.count) for one in sums])
            self.linear.add_rows(counts, counts, Columns(np.array([len(one.groups) for one in sums]), np.array(among)))

    def _entries(self) -> Columns:
        """Each count: once in its stage's total, once less than the stage before, once more than the stage after."""
        groups, stages = self.shape
        rows: list[int] = []
        values: list[float] = []
        lengths: list[int] = []
        for group in range(groups):
            for stage in range(stages):
                entries = [(stage, 1.0)]
                before = stages + group * (stages - 1) + stage - 1
                entries += [(before, -1.0)] if stage else []
                entries += [(before + 1, 1.0)] if stage < stages - 1 else []
                rows += [row for row, _ in entries]
                values += [value for _, value in entries]
                lengths.append(len(entries))
        return Columns(np.array(lengths), np.array(rows), np.array(values))

    def range_of(self, group: int, stage: int, since: int | None = None) -> tuple[int, int]:
        """The least and the most that this count can be; or how many of the group stopped between `since` and it."""
        ends = []
        for sign in (-1.0, 1.0):
            cost = np.zeros(len(self.every))
            cost[group * self.shape[1] + stage] = sign if since is None else -sign
            if since is not None:
                cost[group * self.shape[1] + since] = sign
            self.linear.price(self.every, cost)
            if not self.linear.solve():
                raise AssertionError("the true counts are one possible table")
            ends.append(round(sign * self.linear.objective))
        return ends[0], ends[1]
