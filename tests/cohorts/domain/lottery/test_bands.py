from decimal import Decimal

from services.cohorts.domain.lottery.bands import band
from services.cohorts.domain.lottery.lottery import hold
from services.cohorts.domain.selection.choosing import choose
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import state
from services.cohorts.domain.selection.targets import Target

POOL = Pool.build(list("abcdef"), [90, 80, 71, 70, 69, 10], {"region": list("SSSSSN")})


def test_the_band_holds_those_whom_a_few_points_would_have_turned() -> None:
    choice = choose(state(POOL, [], 3), "s")
    assert choice is not None
    found = band(choice, Decimal(3))
    assert (found.sure_in, found.contested, found.sure_out) == (("a", "b"), ("c", "d", "e"), ("f",))


def test_under_targets_each_has_their_own_distance() -> None:
    choice = choose(state(POOL, [Target.of({"region": "N"}, 1)], 3), "s")
    assert choice is not None
    found = band(choice, Decimal(10))
    assert (found.sure_in, found.contested, found.sure_out) == (("a", "f"), ("b", "c"), ("d", "e"))


def test_a_lottery_among_near_ties_leaves_the_clear_cases_alone() -> None:
    choice = choose(state(POOL, [], 3), "s")
    assert choice is not None
    near = band(choice, Decimal(3))
    found = hold(POOL, [], 3, pinned_in=near.sure_in, pinned_out=near.sure_out, seed="s")
    assert {person: round(found.chances[person], 9) for person in near.contested} == dict.fromkeys("cde", 0.333333333)
    assert {"a", "b"} < set(found.drawn)
