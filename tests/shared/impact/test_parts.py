"""Small parts of a whole: kept back, and not to be worked out, even by who knows how it is done."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.impact import FEW
from shared.impact.parts import hide_parts
from shared.impact.suppression import WIDTH

LOTS = [str(number) for number in range(30)]


def wholes(size: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to split `size` into this many parts."""
    for front in product(range(size + 1), repeat=parts - 1):
        if sum(front) <= size:
            yield (*front, size - sum(front))


@pytest.mark.parametrize(("parts", "largest"), [(2, 30), (3, 18), (4, 13)])
def test_nobody_can_work_a_hidden_count_out_who_knows_the_rule(parts: int, largest: int) -> None:
    """Of every table and every lot there could be: those that look alike differ in each hidden count."""
    for size in range(FEW, largest + 1):
        alike = defaultdict(set)
        for counts in wholes(size, parts):
            for lot in LOTS:
                hidden = hide_parts(counts, lot)
                alike[tuple(None if over else n for over, n in zip(hidden, counts, strict=True))].add(counts)
        for shown, tables in alike.items():
            for place, count in enumerate(shown):
                assert count is not None or len({table[place] for table in tables}) > WIDTH, (shown, tables)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=7), st.text(max_size=3))
def test_small_counts_are_never_shown_and_the_same_lot_draws_the_same(counts: list[int], lot: str) -> None:
    hidden = hide_parts(counts, lot)
    assert hidden == hide_parts(counts, lot) and len(hidden) == len(counts)
    assert all(over or count == 0 or count >= FEW for count, over in zip(counts, hidden, strict=True))
    if not any(0 < count < FEW for count in counts):
        assert not any(hidden)


def test_noughts_are_shown_where_they_give_nobody_away() -> None:
    assert hide_parts([12, 0], "") == [False, False]
    assert hide_parts([0, 0], "") == [False, False]
    assert hide_parts([9, 3], "") == [True, True]
    assert hide_parts([3, 0], "") == [True, True]
    assert hide_parts([9, 3, 0], "") == [True, True, True]
    # One of the two large ones goes with the small one, and the nought stays to be seen.
    drawn = {tuple(hide_parts([20, 8, 2, 0], lot)) for lot in LOTS}
    assert drawn == {(True, False, True, False), (False, True, True, False)}
