"""When the sessions of a series begin."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cohorts.domain.series import Repeat, starts
from shared.errors import Invalid

FIRST = datetime(2027, 1, 31, 18, 30)


@given(
    st.integers(1, 52),
    st.integers(1, 12),
    st.sampled_from(["day", "week"]),
    st.frozensets(st.dates(date(2027, 1, 31), date(2027, 4, 1)), max_size=5),
)
def test_each_is_a_whole_number_of_steps_after_the_first_at_the_same_time(
    count: int, every: int, unit: str, without: frozenset[date]
) -> None:
    found = starts(FIRST, Repeat(count, every, unit, without))
    step = timedelta(days=every * (7 if unit == "week" else 1))
    assert len(found) == len(set(found)) == count
    assert found == sorted(found)
    assert all((start - FIRST) % step == timedelta() and start.date() not in without for start in found)


def test_months_without_the_day_are_passed_over() -> None:
    assert [start.date() for start in starts(FIRST, Repeat(3, 1, "month"))] == [
        date(2027, 1, 31),
        date(2027, 3, 31),
        date(2027, 5, 31),
    ]


@pytest.mark.parametrize(
    ("repeat", "field"),
    [(Repeat(0), "count"), (Repeat(53), "count"), (Repeat(2, 13), "every"), (Repeat(2, 1, "year"), "unit")],
)
def test_numbers_that_make_no_sense_are_named(repeat: Repeat, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        starts(FIRST, repeat)
    assert set(refused.value.problems) == {field}
