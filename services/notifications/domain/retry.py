"""When to try again: 5, 15 and 30 minutes, 1, 2 and 4 hours, then every 6 hours, each give or take a fifth."""

from datetime import datetime, timedelta

STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 360))
MAX_AGE = timedelta(days=5)
SPREAD = 0.2
UNKNOWN_WAIT = timedelta(minutes=15)


def retry_at(
    attempts: int, now: datetime, queued_at: datetime, expires_at: datetime | None, jitter: float
) -> datetime | None:
    """When to make the next attempt after `attempts` (at least 1) of them; None when it would be too late.

    `jitter` from -1 to 1 is drawn by the caller, so that many messages refused together do not come back together.
    The end is the message's own expiry or five days after it was queued, whichever is earlier.
    """
    if attempts < 1 or not -1 <= jitter <= 1:
        raise ValueError("attempts start at 1 and jitter is between -1 and 1")
    step = STEPS[min(attempts, len(STEPS)) - 1]
    due = now + step * (1 + SPREAD * jitter)
    return due if due < last_moment(queued_at, expires_at) else None


def last_moment(queued_at: datetime, expires_at: datetime | None) -> datetime:
    """After this a message is not tried again."""
    longest = queued_at + MAX_AGE
    return min(longest, expires_at) if expires_at else longest
