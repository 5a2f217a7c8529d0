"""Nothing that is hidden may be worked out from what is shown: checked by trying every table there could be."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.impact.suppression import FEW, WIDTH, Protected, Sum, protect

Rows = list[list[int]]
falling = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda pair: sorted(pair, reverse=True))


def consistent(counts: Rows, shown: Protected) -> Iterator[Rows]:
    """Every table of two stages with the same visible counts and totals, in which no row rises."""
    totals = [sum(row[stage] for row in counts) for stage in (0, 1)]
    cells = [(g, s) for g in range(len(counts)) for s in (0, 1) if shown.hidden[g, s]]
    free = [cell for cell in cells if cell[0] != max((c[0] for c in cells if c[1] == cell[1]), default=-1)]
    last = [cell for cell in cells if cell not in free]
    for values in product(*(range(totals[s] + 1) for _, s in free)):
        table = [list(row) for row in counts]
        for (g, s), value in zip(free, values, strict=True):
            table[g][s] = value
        for g, s in last:
            table[g][s] = totals[s] - sum(table[other][s] for other in range(len(counts)) if other != g)
        if all(row[0] >= row[1] >= 0 for row in table):
            yield table


@settings(max_examples=60, deadline=None)
@given(st.lists(falling, min_size=2, max_size=3))
def test_no_small_count_can_be_worked_out(counts: Rows) -> None:
    shown = protect(counts)
    totals = [sum(row[stage] for row in counts) for stage in (0, 1)]
    possible = [np.array(table) for table in consistent(counts, shown)]
    for g, s in np.argwhere(shown.hidden & (np.array(counts) < FEW)):
        if totals[s] < FEW:
            continue
        values = {int(table[g, s]) for table in possible}
        assert shown.hidden.all() or max(values) - min(values) >= WIDTH, (counts, shown.hidden, values)


@settings(max_examples=60, deadline=None)
@given(st.lists(falling, min_size=2, max_size=3))
def test_nor_how_few_of_a_group_stopped_between_two_stages(counts: Rows) -> None:
    shown = protect(counts, stops=True)
    possible = [np.array(table) for table in consistent(counts, shown)]
    for group, (before, after) in enumerate(counts):
        if before - after < FEW and not shown.totals_hidden.any():
            values = {int(table[group, 0] - table[group, 1]) for table in possible}
            assert shown.hidden.all() or max(values) - min(values) >= WIDTH, (counts, shown.hidden, values)


def test_one_person_who_stopped_is_not_given_away_by_a_difference() -> None:
    assert not protect([[40, 39], [30, 30]]).hidden.any()
    assert protect([[40, 39], [30, 30]], stops=True).hidden.all()


@settings(max_examples=60, deadline=None)
@given(st.lists(falling, min_size=3, max_size=3))
def test_a_coarser_table_does_not_give_a_finer_one_away(counts: Rows) -> None:
    """Regions, and a second table that shows whether somebody is from one of the first two."""
    coarse = [[counts[0][stage] + counts[1][stage] for stage in (0, 1)], counts[2]]
    above = protect(coarse)
    sums = [Sum((0, 1) if row == 0 else (2,), s, coarse[row][s]) for row, s in np.argwhere(~above.hidden).tolist()]
    shown = protect(counts, sums)
    totals = [sum(row[stage] for row in counts) for stage in (0, 1)]
    if shown.exposed or shown.hidden.all():
        return
    possible = [
        np.array(table)
        for table in consistent(counts, shown)
        if all(sum(table[group][one.stage] for group in one.groups) == one.count for one in sums)
    ]
    for g, s in np.argwhere(shown.hidden & (np.array(counts) < FEW)):
        if totals[s] >= FEW:
            values = {int(table[g, s]) for table in possible}
            assert max(values) - min(values) >= WIDTH, (counts, shown.hidden, sums, values)


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_count_under_five_is_ever_shown(rows: Rows) -> None:
    counts = [sorted(row, reverse=True) for row in rows]
    shown = protect(counts)
    assert not (~shown.hidden & (np.array(counts) < FEW)).any()
    assert (shown.totals_hidden == (np.array(counts).sum(axis=0) < FEW)).all()


def test_a_single_small_count_takes_another_with_it() -> None:
    shown = protect([[40, 20], [30, 15], [20, 3]])
    assert shown.hidden.tolist() == [[False, False], [False, True], [False, True]]


def test_large_counts_are_all_shown() -> None:
    assert not protect([[40, 20], [30, 15]]).hidden.any()


def test_a_row_that_rises_is_no_such_table() -> None:
    with pytest.raises(ValueError, match="reached all before"):
        protect([[5, 6]])
