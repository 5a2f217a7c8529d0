"""Clocks: the real one is aware and in UTC, the tests' one moves when told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.timekeeping import MovableClock, system_clock

NOON = datetime(2027, 7, 1, 12, tzinfo=UTC)


def test_the_real_clock_is_in_utc() -> None:
    before = datetime.now(UTC)
    assert before <= system_clock() <= datetime.now(UTC)
    assert system_clock().utcoffset() == timedelta(0)


def test_a_movable_clock_stands_until_it_is_moved() -> None:
    clock = MovableClock(NOON)
    assert clock() == clock() == NOON
    clock.advance(timedelta(minutes=5))
    assert clock() == NOON + timedelta(minutes=5)
    clock.set(NOON - timedelta(days=1))
    assert clock() == NOON - timedelta(days=1)


def test_it_gives_utc_whatever_it_was_given() -> None:
    there = datetime(2027, 7, 1, 13, tzinfo=ZoneInfo("Europe/London"))
    clock = MovableClock(there)
    assert clock() == NOON and clock().utcoffset() == timedelta(0)
    clock.set(there)
    assert clock().hour == 12
