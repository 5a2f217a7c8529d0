"""What an attempt's outcome makes of the message."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.outcomes import Outcome, Result, suppresses
from services.notifications.domain.retry import UNKNOWN_WAIT, retry_at
from services.notifications.domain.states import State

MAX_UNKNOWN_RETRIES = 1


@dataclass(frozen=True)
class Attempted:
    """A message just tried. `attempts` counts this attempt; `unknown_retries` those made because of UNKNOWN."""

    kind: str
    attempts: int
    queued_at: datetime
    expires_at: datetime | None = None
    unknown_retries: int = 0


@dataclass(frozen=True)
class Verdict:
    """The state to store. `retry_at`: claim it again then; `suppress`: the address is known bad from now on."""

    state: State
    retry_at: datetime | None = None
    suppress: bool = False
    reason: str = ""


def after(message: Attempted, outcome: Outcome, now: datetime, jitter: float) -> Verdict:
    """The verdict on `outcome`, reached at `now`. `jitter` is drawn by the caller from -1 to 1."""
    if outcome.result is Result.SENT:
        return Verdict(State.SENT)
    if outcome.result is Result.FAILED:
        return Verdict(State.FAILED, suppress=suppresses(outcome.enhanced), reason=outcome.text)
    if outcome.result is Result.UNKNOWN:
        return Verdict(State.UNKNOWN, unknown_retry_at(message, now), reason=outcome.text)
    due = retry_at(message.attempts, now, message.queued_at, message.expires_at, jitter)
    if due is None:
        return Verdict(State.EXPIRED, reason=outcome.text)
    return Verdict(State.DEFERRED, due, reason=outcome.text)


def unknown_retry_at(message: Attempted, now: datetime) -> datetime | None:
    """When to make the one more attempt that offers, session changes and cancellations get; None for all others.

    Also for a message found HANDED after its lease ended: the process died with the dot on its way.
    """
    if not KINDS[message.kind].retry_unknown or message.unknown_retries >= MAX_UNKNOWN_RETRIES:
        return None
    due = now + UNKNOWN_WAIT
    return None if message.expires_at is not None and due >= message.expires_at else due
