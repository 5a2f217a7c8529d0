"""Small parts of a whole: kept back, and not to be worked out from the rest."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.impact import FEW
from shared.impact.parts import hide_parts
from shared.impact.suppression import WIDTH


def possible(shown: list[int | None], whole: int) -> list[tuple[int, ...]]:
    """Every way to fill what is kept back: at least one each, unless all is hidden, the noughts too."""
    least = 0 if all(count is None for count in shown) else 1
    gaps = [place for place, count in enumerate(shown) if count is None]
    left = whole - sum(count for count in shown if count is not None)
    ways = product(range(least, left + 1), repeat=len(gaps))
    return [way for way in ways if sum(way) == left]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_every_hidden_count_could_be_one_of_several(counts: list[int]) -> None:
    hidden = hide_parts(counts)
    for count, over in zip(counts, hidden, strict=True):
        assert over or count == 0 or count >= FEW
    shown = [None if over else count for count, over in zip(counts, hidden, strict=True)]
    if not any(hidden) or sum(counts) < FEW:
        return
    ways = possible(shown, sum(counts))
    for place in range(sum(hidden)):
        values = {way[place] for way in ways}
        assert len(values) > WIDTH


def test_noughts_are_shown_where_they_give_nobody_away() -> None:
    assert hide_parts([12, 0]) == [False, False]
    assert hide_parts([9, 3]) == [True, True]
    assert hide_parts([0, 0]) == [False, False]
    assert hide_parts([3, 0]) == [True, True]
    # Of five people who all said something else, not even the noughts are shown: what is left would be ones.
    assert hide_parts([1, 1, 1, 1, 1, 0]) == [True] * 6
    assert hide_parts([20, 8, 2]) == [False, True, True]
