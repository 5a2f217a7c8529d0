"""An offer's life: open, then accepted, declined, lapsed or withdrawn, and never open again."""

from datetime import datetime, timedelta

from shared.errors import Conflict, Gone

OPEN, ACCEPTED, DECLINED, LAPSED, WITHDRAWN = "open", "accepted", "declined", "lapsed", "withdrawn"
ANSWERS = (ACCEPTED, DECLINED)
HOLDING = (OPEN, ACCEPTED)
"""States that take up a place."""

_ENDED = {
    LAPSED: "The time to answer this offer has passed, and the place has been given up. "
    "If you still want to take part, please write to the programme team.",
    WITHDRAWN: "This offer has ended. If you think this is wrong, please write to the programme team.",
}


def answer(state: str, respond_by: datetime, wanted: str, now: datetime) -> bool:
    """Whether giving the answer `wanted` changes anything: the same answer twice is one answer.

    An answer after the deadline is refused kindly; nothing has lapsed until a person says so, but the promise to the
    waiting list was a date.

    Raises:
        Gone: the offer has ended, or its time has passed.
        Conflict: it was answered the other way.
    """
    if state in _ENDED:
        raise Gone(_ENDED[state])
    if state == wanted:
        return False
    if state in ANSWERS:
        said = "accepted" if state == ACCEPTED else "declined"
        raise Conflict(f"You have already {said} this place. To change your answer, write to the programme team.")
    if now > respond_by:
        raise Gone(
            "The time to answer this offer has passed. If you still want the place, "
            "write to the programme team soon: it may still be free."
        )
    return True


def check_can_lapse(state: str, respond_by: datetime, now: datetime) -> None:
    """Raise Conflict unless the offer is still open and its time has passed."""
    if state != OPEN:
        raise Conflict(f"This offer is already {state}.")
    if now <= respond_by:
        raise Conflict("The time to answer has not passed yet, so this offer cannot lapse.")


def reminder_at(made_at: datetime, respond_by: datetime) -> datetime | None:
    """When to remind: two days before the deadline, or half way for a short offer; None when under a day is left."""
    left = respond_by - made_at
    if left < timedelta(days=1):
        return None
    return respond_by - min(timedelta(days=2), left / 2)
