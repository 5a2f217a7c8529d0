"""Clock changes as zoneinfo knows them, and the rules behind them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.calendar.shifts import Shift, shifts, yearly_rule

HOUR = timedelta(hours=1)


def test_finds_both_changes_of_a_year_to_the_second() -> None:
    assert shifts(ZoneInfo("Europe/London"), 2027, 2027) == [
        Shift(datetime(2027, 3, 28, 1, tzinfo=UTC), 0 * HOUR, HOUR, "BST"),
        Shift(datetime(2027, 10, 31, 1, tzinfo=UTC), HOUR, 0 * HOUR, "GMT"),
    ]
    assert shifts(ZoneInfo("Asia/Kabul"), 2000, 2050) == []


def test_dates_a_change_by_the_clock_before_it() -> None:
    [_, back] = shifts(ZoneInfo("America/New_York"), 2027, 2027)
    assert back.wall == datetime(2027, 11, 7, 2)


@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [
        ("Europe/Berlin", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
        ("America/New_York", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
        (
            "Asia/Jerusalem",
            "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR",
            "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        ),
    ],
)
def test_finds_the_rule(zone: str, spring: str, autumn: str) -> None:
    found = shifts(ZoneInfo(zone), 2030, 2060)
    assert yearly_rule(found[0::2]) == spring
    assert yearly_rule(found[1::2]) == autumn


def test_no_rule_where_there_is_none() -> None:
    assert yearly_rule(shifts(ZoneInfo("Africa/Casablanca"), 2030, 2060)[0::2]) is None
