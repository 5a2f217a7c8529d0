"""The states of a message and the steps between them. "Sent" means that the next server took it, no more."""

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import Conflict


class State(StrEnum):
    """QUEUED, DEFERRED and (for one retry) UNKNOWN wait to be claimed; SENDING holds a lease; HANDED is committed just
    before the final dot, so that an attempt that dies after it is UNKNOWN and never blindly sent again. HELD waits for
    staff to let it go; CANCELLED was stopped by them; REHEARSED was made and checked in a dry run, and never left."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    HANDED = "handed"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REHEARSED = "rehearsed"


S = State
_STOPPED = frozenset({S.SUPPRESSED, S.SUPERSEDED, S.EXPIRED})

TRANSITIONS: Mapping[State, frozenset[State]] = {
    S.HELD: frozenset({S.QUEUED, S.CANCELLED}) | _STOPPED,
    S.QUEUED: frozenset({S.SENDING, S.HELD, S.CANCELLED}) | _STOPPED,
    S.DEFERRED: frozenset({S.SENDING, S.CANCELLED}) | _STOPPED,
    # back to QUEUED: a lease that ended before the message was handed over, or a wait for quiet hours
    S.SENDING: frozenset({S.QUEUED, S.HANDED, S.DEFERRED, S.FAILED, S.REHEARSED}) | _STOPPED,
    # EXPIRED after HANDED: the server said "later" to the dot itself, and there is no later
    S.HANDED: frozenset({S.SENT, S.DEFERRED, S.FAILED, S.UNKNOWN, S.EXPIRED}),
    # a retry (SENDING), or what reconciliation finds
    S.UNKNOWN: frozenset({S.SENDING, S.SENT, S.DELIVERED, S.BOUNCED, S.COMPLAINED, S.FAILED}) | _STOPPED,
    S.SENT: frozenset({S.DELIVERED, S.BOUNCED, S.COMPLAINED}),
    S.DELIVERED: frozenset({S.COMPLAINED, S.BOUNCED}),
    S.BOUNCED: frozenset(),
    S.COMPLAINED: frozenset(),
    S.FAILED: frozenset(),
    S.SUPPRESSED: frozenset(),
    S.SUPERSEDED: frozenset(),
    S.EXPIRED: frozenset(),
    S.CANCELLED: frozenset(),
    S.REHEARSED: frozenset(),
}

FINAL = frozenset(state for state, steps in TRANSITIONS.items() if not steps)
IN_FLIGHT = frozenset({S.SENDING, S.HANDED})
WAITING = frozenset({S.QUEUED, S.DEFERRED})
REACHED = frozenset({S.HANDED, S.SENT, S.DELIVERED, S.COMPLAINED, S.UNKNOWN})
"""The person has it, or may have it."""


def allowed(old: State, new: State) -> bool:
    """Whether a message may go from `old` to `new` in one step."""
    return new in TRANSITIONS[old]


def move(old: State, new: State) -> State:
    """`new`. Raises Conflict when the step is not allowed."""
    if not allowed(old, new):
        raise Conflict(f"A message that is {old} cannot become {new}.", code="message-state")
    return new
