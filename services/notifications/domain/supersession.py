"""Which calendar message may go: events arrive in any order, and the person's calendar must still end right.

The newest SEQUENCE wins: an older message that has not gone yet never goes. A cancellation goes only to somebody who
has, or may have, an invitation; otherwise neither is sent. While an earlier message is on its way, the next one waits
for what becomes of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.notifications.domain.kinds import Method
from services.notifications.domain.states import IN_FLIGHT, REACHED, State


@dataclass(frozen=True)
class Known:
    """A calendar message of one session to one person, whatever has become of it."""

    sequence: int
    method: Method
    state: State


class Step(StrEnum):
    """SEND it; WAIT until the one on its way is decided; SUPERSEDE: it is never sent."""

    SEND = "send"
    WAIT = "wait"
    SUPERSEDE = "supersede"


@dataclass(frozen=True)
class Decision:
    """`first`: the person has no entry for this session now, so the words are those of an invitation, not a change."""

    step: Step
    first: bool = False
    reason: str = ""


def decide(this: Known, others: Iterable[Known]) -> Decision:
    """What to do with `this`, which is about to be sent. `others`: all other calendar messages of the same session to
    the same person, superseded and failed ones included (`this` itself may be among them)."""
    known = [other for other in others if (other.sequence, other.method) != (this.sequence, this.method)]
    if any(_newer(other, this) for other in known):
        return Decision(Step.SUPERSEDE, reason="a later version of the session is known")
    if any(other.state in IN_FLIGHT for other in known):
        return Decision(Step.WAIT, reason="an earlier version is on its way")
    invited = has_entry(known)
    if this.method is Method.CANCEL and not invited:
        return Decision(Step.SUPERSEDE, reason="cancelled before the invitation went")
    return Decision(Step.SEND, first=not invited)


def _newer(other: Known, this: Known) -> bool:
    """At the same SEQUENCE a cancellation is the last word."""
    if other.sequence == this.sequence:
        return other.method is Method.CANCEL and this.method is Method.REQUEST
    return other.sequence > this.sequence


def has_entry(known: Sequence[Known]) -> bool:
    """Whether the person has, or may have, the session in their calendar: the last message to reach them invited."""
    reached = sorted(
        (other for other in known if other.state in REACHED),
        key=lambda other: (other.sequence, other.method is Method.CANCEL),
    )
    if not reached:
        return False
    # a cancellation that may not have arrived leaves the entry possibly there
    return reached[-1].method is Method.REQUEST or reached[-1].state in (State.UNKNOWN, State.HANDED)


def decide_reminder(sequence: int, known: Iterable[Known]) -> Decision:
    """Whether a reminder made for `sequence` still tells the truth."""
    latest = max(known, key=lambda other: (other.sequence, other.method is Method.CANCEL), default=None)
    if latest is not None and (latest.sequence > sequence or latest.method is Method.CANCEL):
        return Decision(Step.SUPERSEDE, reason="the session has changed since")
    return Decision(Step.SEND)
