"""Quiet hours, also on the two days a year on which the clock is changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.quiet_hours import QuietHours

NIGHT = QuietHours(time(21), time(8))
LONDON = ZoneInfo("Europe/London")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (at(2027, 1, 5, 12), at(2027, 1, 5, 12)),
        (at(2027, 1, 5, 20, 59), at(2027, 1, 5, 20, 59)),
        (at(2027, 1, 5, 21), at(2027, 1, 6, 8)),
        (at(2027, 1, 6, 7, 59), at(2027, 1, 6, 8)),
        (at(2027, 1, 6, 8), at(2027, 1, 6, 8)),
        (at(2027, 7, 5, 20), at(2027, 7, 6, 7)),
        (at(2027, 3, 27, 23), at(2027, 3, 28, 7)),
        (at(2027, 10, 30, 22), at(2027, 10, 31, 8)),
    ],
)
def test_waits_for_the_morning_by_the_clock_on_the_wall(now: datetime, allowed: datetime) -> None:
    assert NIGHT.next_allowed(now) == allowed


def test_an_end_that_the_clock_skips() -> None:
    short = QuietHours(time(22), time(1, 30))
    assert short.next_allowed(at(2027, 3, 28, 0, 30)) == at(2027, 3, 28, 1, 30)


def test_an_end_that_the_clock_shows_twice() -> None:
    short = QuietHours(time(22), time(1, 30))
    assert short.next_allowed(at(2027, 10, 31, 0, 10)) == at(2027, 10, 31, 0, 30)
    assert short.next_allowed(at(2027, 10, 31, 1, 10)) == at(2027, 10, 31, 1, 30)


def test_equal_times_are_no_quiet_hours() -> None:
    assert QuietHours(time(9), time(9)).next_allowed(at(2027, 1, 1, 9)) == at(2027, 1, 1, 9)


changes = st.sampled_from([at(2027, 3, 28, 1), at(2027, 10, 31, 1), at(2027, 6, 1, 0)])
clock = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@settings(max_examples=60)
@given(changes, st.integers(-2 * 96, 2 * 96), clock, clock)
def test_never_quiet_never_past_and_at_most_a_day_and_a_bit(
    change: datetime, step: int, start: time, end: time
) -> None:
    quiet, now = QuietHours(start, end), change + timedelta(minutes=15 * step)
    allowed = quiet.next_allowed(now)
    assert allowed >= now
    assert not quiet.quiet(allowed)
    assert allowed - now <= timedelta(hours=49)
    if allowed != now:
        assert quiet.quiet(now)
        assert quiet.quiet(allowed - timedelta(minutes=1)) or allowed.astimezone(LONDON).date().month in (3, 10)
