"""Keeps each subject's order while one of its events waits in a retry queue: later ones go there too, behind it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# If what we wait for has not come back so long after its time, somebody else has had it.
_PATIENCE = 300.0


@dataclass
class _Line:
    ids: list[str] = field(default_factory=list)
    delay: float = 0.0
    until: float = 0.0


class Held:
    """In memory, for the one active consumer of a queue. After a restart it knows nothing, and order within a subject
    is what the broker gives; handlers look at sequence numbers for that."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lines: dict[str, _Line] = {}
        self._clock = clock

    def delay_of(self, subject: str, id: str, in_hand: set[str]) -> float | None:
        """Seconds that the event should wait because earlier ones of its subject do; None if it may be handled.

        `in_hand` are the events handled with it, before it.
        """
        line = self._lines.get(subject)
        if line is None:
            return None
        if line.until < self._clock():
            del self._lines[subject]
            return None
        ahead = line.ids[: line.ids.index(id)] if id in line.ids else line.ids
        return None if in_hand.issuperset(ahead) else line.delay

    def wait(self, subject: str, id: str, delay: float) -> None:
        """The event goes to the retry queue of `delay` seconds."""
        line = self._lines.setdefault(subject, _Line())
        if id not in line.ids:
            line.ids.append(id)
        line.delay = delay
        line.until = self._clock() + delay + _PATIENCE

    def release(self, subject: str, id: str) -> None:
        """The event is through: done, or parked."""
        line = self._lines.get(subject)
        if line is not None and id in line.ids:
            line.ids.remove(id)
            if not line.ids:
                del self._lines[subject]
