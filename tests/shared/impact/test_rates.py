import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cohorts.domain.choosing import Attribute
from shared.impact.intervals import newcombe, wilson
from shared.impact.rates import OTHERS, UNKNOWN, Reached, rates, tables

REGION = Attribute("region", "Region", (("north", "The North"), ("london", "London"), ("wales", "Wales")))


def test_intervals_are_those_of_the_papers() -> None:
    # Newcombe 1998, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10; Wilson: 15 of 148 (his table I).
    assert newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_within_nought_and_one(drawn: tuple[int, int]) -> None:
    count, n = drawn
    low, high = wilson(count, n)
    assert 0 <= low <= count / n <= high <= 1


def people(value: object, *reached: int) -> list[Reached]:
    """So many people who stopped at stage 0, 1, 2 ..."""
    return [Reached({"region": value}, stage) for stage, many in enumerate(reached) for _ in range(many)]


def test_rates_are_compared_with_the_highest_and_unknown_with_nobody() -> None:
    pool = people("north", 30, 30) + people("london", 45, 15) + people(None, 10, 10)
    (table,) = tables(pool, [REGION], 2)
    north, london, unknown = rates(table, 1, 0)
    assert (north.rate, north.ratio, north.below) == (0.5, 1, False)
    assert (london.count, london.n, london.rate, london.ratio) == (15, 60, 0.25, 0.5)
    assert london.below and london.beyond_chance
    assert (unknown.label, unknown.rate, unknown.ratio) == (UNKNOWN, 0.5, None)


def test_a_small_count_has_no_rate_and_neither_has_what_protects_it() -> None:
    pool = people("north", 20, 20) + people("london", 20, 9) + people("wales", 20, 2)
    (table,) = tables(pool, [REGION], 2)
    north, london, wales = rates(table, 1, 0)
    assert (wales.count, wales.rate, london.count, london.rate) == (None, None, None, None)
    assert north.rate == 0.5
    assert table.totals == (91, 31)


def test_a_value_among_several_is_compared_with_everybody_else() -> None:
    several = people(["north", "london"], 10, 10) + people(["london"], 10, 30) + people(None, 6, 6)
    found = {table.label: table for table in tables(several, [REGION], 2)}
    assert [group.label for group in found["Region: The North"].groups] == ["The North", OTHERS, UNKNOWN]
    assert found["Region: The North"].groups[1].counts == (40, 30)


def test_what_one_attribute_shows_does_not_give_another_away() -> None:
    """Outside London is known from the region: a region hidden to protect another must not be shown there."""
    outside = Attribute("outside", "Outside London", (("yes", "Outside"), ("no", "London")))
    pool = [
        Reached({"region": region, "outside": "no" if region == "london" else "yes"}, int(number < reached))
        for region, many, reached in (("north", 40, 20), ("london", 20, 8), ("wales", 20, 2))
        for number in range(many)
    ]
    regions, sides = tables(pool, [REGION, outside], 2)
    known = {group.label: group.counts[1] for group in (*regions.groups, *sides.groups)}
    assert known["Wales"] is None
    assert None in (known["London"], known["The North"])
    # With London known from either table, it takes the north to keep Wales back.
    assert sides.groups[0].counts[1] is None or known["The North"] is None
