"""What a broker hands to a listener, what the listener makes of it, and how often it is tried again."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from shared.errors import NotYet
from shared.logs import safe_message, where

STEPS = (1.0, 10.0, 60.0)
"""Seconds until the second, third and fourth try of an event whose handler failed; then it is parked."""

WAITS = 2 + 24 * 60
"""How often NotYet may be answered: one second, ten seconds, then each minute of a day."""

History = list[dict[str, Any]]
"""One entry for each reason in a row: kind (failed | waiting), reason, first, last (ISO times), times."""

Kind = Literal["done", "repeat", "retry", "parked"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it came: its body, the failures counted against it so far, and their history."""

    body: bytes
    attempts: int = 0
    history: History = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery.

    done: effects committed (or none wanted); repeat: had been handled before; retry: to be delivered again after
    `delay` seconds with these `attempts` and `history`; parked: written to the dead letters. The broker may forget a
    delivery as soon as it has an outcome other than retry.
    """

    kind: Kind
    reason: str = ""
    delay: float = 0.0
    attempts: int = 0
    history: History = field(default_factory=list)
    event_id: str = ""
    type: str = "unknown"
    subject: str = ""
    behind: bool = False
    """Not tried at all, because an earlier event of its subject has to be tried again first."""


def judge(delivery: Delivery, error: Exception, now: datetime) -> Outcome:
    """What to do about a handler's error: try again later, or park."""
    waiting = isinstance(error, NotYet)
    reason = safe_message(error) if waiting else f"{safe_message(error)} at {where(error)}"
    history = _extended(delivery.history, "waiting" if waiting else "failed", reason, now)
    if waiting:
        return _after_wait(delivery, reason, history)
    if delivery.attempts >= len(STEPS):
        return Outcome("parked", reason, attempts=delivery.attempts + 1, history=history)
    return Outcome("retry", reason, STEPS[delivery.attempts], delivery.attempts + 1, history)


def _after_wait(delivery: Delivery, reason: str, history: History) -> Outcome:
    waits = sum(int(entry["times"]) for entry in delivery.history if entry["kind"] == "waiting")
    if waits >= WAITS:
        return Outcome("parked", reason, attempts=delivery.attempts, history=history)
    return Outcome("retry", reason, STEPS[min(waits, len(STEPS) - 1)], delivery.attempts, history)


def refuse(delivery: Delivery, reason: str, now: datetime) -> Outcome:
    """Park at once: trying again would change nothing."""
    history = _extended(delivery.history, "failed", reason, now)
    return Outcome("parked", reason, attempts=delivery.attempts + 1, history=history)


def queue_behind(delivery: Delivery, ahead: Outcome) -> Outcome:
    """The outcome of an event that waits for an earlier one of its subject; nothing is counted against it."""
    return replace(
        ahead, reason="behind an earlier event", attempts=delivery.attempts, history=delivery.history, behind=True
    )


def _extended(history: History, kind: str, reason: str, now: datetime) -> History:
    moment = now.isoformat()
    if history and (history[-1]["kind"], history[-1]["reason"]) == (kind, reason):
        return [*history[:-1], {**history[-1], "last": moment, "times": int(history[-1]["times"]) + 1}]
    return [*history, {"kind": kind, "reason": reason, "first": moment, "last": moment, "times": 1}][-20:]
