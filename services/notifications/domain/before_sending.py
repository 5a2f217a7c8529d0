"""Everything that is looked at once more, right before a message is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.notifications.domain.categories import Category, blocked
from services.notifications.domain.kinds import KINDS, Method
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.retry import last_moment
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Decision, Known, Step, decide, decide_reminder


@dataclass(frozen=True)
class InSession:
    """For messages about a session: its SEQUENCE when this one was made, and all calendar messages of the same session
    to the same person (`known`, this one included or not)."""

    sequence: int
    state: State
    known: Sequence[Known] = ()


@dataclass(frozen=True)
class Facts:
    """What is true now of the message, the address and the person."""

    kind: str
    now: datetime
    queued_at: datetime
    expires_at: datetime | None = None
    address_suppressed: bool = False
    turned_off: frozenset[Category] = field(default_factory=frozenset)
    quiet: QuietHours | None = None
    session: InSession | None = None


class Action(StrEnum):
    """SEND now; WAIT until `until` (or, without it, until the message on its way is decided); STOP for ever."""

    SEND = "send"
    WAIT = "wait"
    STOP = "stop"


@dataclass(frozen=True)
class Go:
    """`state`: what to store on STOP. `kind`: the kind whose words to use (a change to somebody never invited is
    worded as an invitation)."""

    action: Action
    kind: str
    state: State | None = None
    until: datetime | None = None
    reason: str = ""


def check(facts: Facts) -> Go:
    """The one decision: suppression, then expiry, then the session's SEQUENCE, then quiet hours."""
    kind = KINDS[facts.kind]
    if blocked(kind.category, address_suppressed=facts.address_suppressed, turned_off=facts.turned_off):
        return Go(Action.STOP, facts.kind, State.SUPPRESSED, reason="the address or the person does not take it")
    if facts.now >= last_moment(facts.queued_at, facts.expires_at):
        return Go(Action.STOP, facts.kind, State.EXPIRED, reason="too late to be of use")
    decision = _session(facts)
    if decision.step is Step.SUPERSEDE:
        return Go(Action.STOP, facts.kind, State.SUPERSEDED, reason=decision.reason)
    if decision.step is Step.WAIT:
        return Go(Action.WAIT, facts.kind, reason=decision.reason)
    if facts.quiet and not kind.urgent and facts.quiet.quiet(facts.now):
        return Go(Action.WAIT, facts.kind, until=facts.quiet.next_allowed(facts.now), reason="quiet hours")
    words = "session_invitation" if decision.first and facts.kind == "session_changed" else facts.kind
    return Go(Action.SEND, words)


def _session(facts: Facts) -> Decision:
    method: Method | None = KINDS[facts.kind].calendar
    if facts.session is None:
        return Decision(Step.SEND)
    if method is None:
        return decide_reminder(facts.session.sequence, facts.session.known)
    this = Known(facts.session.sequence, method, facts.session.state)
    return decide(this, facts.session.known)
