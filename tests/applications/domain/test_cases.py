"""Cases: the clock in working days, the moves, who may decide, and numbers that give nobody away."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.applications.domain import cases
from shared.errors import Conflict, Forbidden, Invalid

SETTINGS = cases.Settings(review_days=3, complaint_days=5, window_days=2, holidays=frozenset({date(2027, 3, 29)}))


def test_weekends_and_holidays_are_no_working_days() -> None:
    thursday = datetime(2027, 3, 25, 23, 30, tzinfo=UTC)
    # Friday, (Saturday, Sunday, Monday is a holiday), Tuesday, Wednesday; the clocks go forward in between.
    assert cases.respond_by(thursday, "Europe/London", cases.REVIEW, SETTINGS) == datetime(
        2027, 3, 31, 23, 0, tzinfo=UTC
    )
    assert cases.in_time(thursday, datetime(2027, 3, 30, 22, 0, tzinfo=UTC), "Europe/London", SETTINGS)
    assert not cases.in_time(thursday, datetime(2027, 3, 31, 0, 0, tzinfo=UTC), "Europe/London", SETTINGS)


@given(
    start=st.dates(date(2027, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 60),
    holidays=st.frozensets(st.dates(date(2027, 1, 1), date(2030, 6, 1)), max_size=20),
)
def test_there_are_as_many_working_days_as_promised(start: date, days: int, holidays: frozenset[date]) -> None:
    end = cases.working_day(start, days, holidays)
    between = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(day.weekday() < 5 and day not in holidays for day in between) == days
    assert end.weekday() < 5 and end not in holidays
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    last = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=1)
    assert cases.working_days_left(noon, last, "UTC", holidays) == days


@given(
    st.fixed_dictionaries(
        {name: st.integers(0, 12) for name in ("upheld", "partly", "not_upheld", "withdrawn", "open")}
    )
)
def test_published_numbers_show_no_small_one_and_let_none_be_worked_out(counts: dict[str, int]) -> None:
    shown = cases.published(counts)
    whole = sum(counts.values())
    assert all(number is None or number == 0 or number >= cases.SMALL for number in shown.values())
    hidden = [name for name in counts if shown[name] is None]
    if shown["all"] is not None and hidden:
        rest = whole - sum(number for name in counts if (number := shown[name]) is not None)
        assert len(hidden) > 1 and rest >= cases.SMALL


def test_a_case_moves_only_as_it_may() -> None:
    assert cases.move(cases.OPEN, cases.ASSIGNED) == cases.ASSIGNED
    for state, wanted in ((cases.OPEN, cases.CLOSED), (cases.CLOSED, cases.DECIDED), (cases.WITHDRAWN, cases.ASSIGNED)):
        with pytest.raises(Conflict):
            cases.move(state, wanted)


def test_who_may_not_decide() -> None:
    cases.check_officer("o", ["officer"], "a", {"p"})
    for officer, roles, panel in (("o", ["staff"], set()), ("o", ["officer"], {"o"}), ("a", ["officer"], set())):
        with pytest.raises(Forbidden):
            cases.check_officer(officer, roles, "a", panel)


def test_settings_are_read_and_their_mistakes_named() -> None:
    assert cases.parse_settings("10", 20, "5", "2027-12-27\n2027-12-28").review_days == 10
    with pytest.raises(Invalid) as raised:
        cases.parse_settings("0", "x", "5", "2027-13-01")
    assert set(raised.value.problems) == {"review_days", "complaint_days", "holidays"}


def test_a_case_says_something_and_about_what() -> None:
    with pytest.raises(Invalid) as raised:
        cases.check_words("review", "treatment", "  ")
    assert set(raised.value.problems) == {"ground", "text"}
