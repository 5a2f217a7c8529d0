"""What a request or an event is part of, carried through HTTP, units of work and events."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """Identifiers of one chain of causes: what began it, what directly caused this, and W3C trace context."""

    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None


# B039: a Trace is frozen, so sharing one default is safe.
current_trace: ContextVar[Trace] = ContextVar("current_trace", default=Trace())  # noqa: B039
