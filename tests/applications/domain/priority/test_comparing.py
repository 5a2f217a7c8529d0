"""Two rankings beside each other: who comes, who goes, who stands on the line, and the shares."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.applications.domain.priority.comparing import Standing, compare, shares


def _side(totals: list[int]) -> Standing:
    scores = np.array(totals)
    ranks = np.array([1 + int((scores > one).sum()) for one in scores])
    return Standing([f"a{place:02}" for place in range(len(totals))], scores, ranks)


def test_who_comes_in_and_who_leaves() -> None:
    found = compare(_side([9, 8, 7, 1]), _side([9, 2, 7, 8]), 2)
    assert [one.id for one in found.first] == ["a00", "a03"]
    assert [(one.id, one.rank_before, one.rank_after) for one in found.came] == [("a03", 4, 2)]
    assert [one.id for one in found.went] == ["a01"]
    assert found.changed == 2
    assert found.on_the_line == 0


def test_a_rank_that_does_not_fit_whole_is_told() -> None:
    assert compare(_side([9, 5, 5, 5]), _side([9, 5, 5, 5]), 2).on_the_line == 3
    assert compare(_side([9, 5, 5, 5]), _side([9, 5, 5, 5]), 4).on_the_line == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12), st.integers(1, 14))
def test_as_many_come_as_go_and_nobody_is_on_both_sides(pairs: list[tuple[int, int]], places: int) -> None:
    before, after = _side([one for one, _ in pairs]), _side([other for _, other in pairs])
    found = compare(before, after, places)
    assert len(found.came) == len(found.went)
    assert len(found.first) == min(places, len(pairs))
    assert not {one.id for one in found.came} & {one.id for one in found.went}


def test_shares_count_several_answers_and_none() -> None:
    people = [{"work": ["a", "b"]}, {"work": "a"}, {}]
    found = {(one.value): (one.everybody, one.before, one.after) for one in shares(people, [0, 1], [2], ["work"])}
    assert found == {"a": (2, 2, 0), "b": (1, 1, 0), "": (1, 0, 1)}
