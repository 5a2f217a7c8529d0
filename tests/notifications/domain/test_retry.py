"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.retry import MAX_AGE, STEPS, last_moment, retry_at

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_the_schedule() -> None:
    minutes = [(retry_at(attempt, NOW, NOW, None, 0) or NOW) - NOW for attempt in range(1, 10)]
    assert [wait // timedelta(minutes=1) for wait in minutes] == [5, 15, 30, 60, 120, 240, 360, 360, 360]


@settings(max_examples=60)
@given(st.integers(1, 40), st.floats(-1, 1), st.floats(0, 6 * 24), st.none() | st.floats(0, 6 * 24))
def test_never_too_early_too_late_or_out_of_its_fifth(
    attempts: int, jitter: float, age: float, expiry: float | None
) -> None:
    queued = NOW - timedelta(hours=age)
    expires = None if expiry is None else queued + timedelta(hours=expiry)
    due = retry_at(attempts, NOW, queued, expires, jitter)
    step = STEPS[min(attempts, len(STEPS)) - 1]
    if due is None:
        assert NOW + step * 1.2 >= last_moment(queued, expires)
    else:
        assert NOW < due < queued + MAX_AGE
        assert expires is None or due < expires
        assert step * 0.8 <= due - NOW <= step * 1.2


def test_a_server_that_says_later_for_ever_is_asked_for_five_days() -> None:
    attempts, now = 1, NOW
    while due := retry_at(attempts, now, NOW, None, 0):
        attempts, now = attempts + 1, due
    assert attempts == 25
    assert timedelta(days=4, hours=18) < now - NOW < MAX_AGE


@pytest.mark.parametrize(("attempts", "jitter"), [(0, 0), (1, 1.5), (1, -2)])
def test_refuses_nonsense(attempts: int, jitter: float) -> None:
    with pytest.raises(ValueError, match="attempts"):
        retry_at(attempts, NOW, NOW, None, jitter)
