"""The listener: inbox marks, effects and new outbox rows of a batch of events in one transaction."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Generic
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite

from shared import logs
from shared.contracts.base import Event, Malformed, UnknownContract
from shared.contracts.envelope import Envelope, from_json
from shared.contracts.registry import REGISTRY
from shared.messaging import parking
from shared.messaging.delivery import Delivery, Outcome, judge, queue_behind, refuse
from shared.messaging.outage import Outage, is_outage
from shared.messaging.tables import inbox
from shared.metrics import Metrics
from shared.service import Handlers
from shared.tracing import Trace, current_trace
from shared.unit_of_work import U, Units

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    delivery: Delivery
    envelope: Envelope
    event: Event


class Listener(Generic[U]):
    """Handles the events that one service listens to, each once in effect."""

    def __init__(self, name: str, units: Units[U], handlers: Handlers[U], metrics: Metrics | None = None) -> None:
        self.name = name
        self.units = units
        self.types = frozenset(cls.NAME for cls in handlers)
        """Names of the event types that this listener wants: its bindings."""
        self._handlers = handlers
        self._metrics = metrics or Metrics()

    def consume(self, deliveries: Sequence[Delivery]) -> list[Outcome]:
        """Handle a batch in one transaction; if it fails, roll it back and redo it one by one.

        Returns an outcome for each delivery, in order. Raises Outage when the database is away: then nothing is
        counted, and the caller delivers the same events again after a pause.
        """
        opened = [self._open(delivery) for delivery in deliveries]
        batch = [item for item in opened if isinstance(item, _Opened)]
        done = iter(self._together(batch) or self._one_by_one(batch))
        outcomes = [next(done) if isinstance(item, _Opened) else item for item in opened]
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            self._conclude(delivery, outcome)
        return outcomes

    def attempt(self, delivery: Delivery, also: Callable[[U], None]) -> Outcome:
        """Handle one delivery with `also` in its transaction; a failure is judged and leaves no trace behind."""
        opened = self._open(delivery)
        if isinstance(opened, Outcome):
            if opened.kind == "done":
                with self._outages(), self.units.begin() as unit:
                    also(unit)
            return opened
        return self._alone(opened, also)

    def give_up(self, delivery: Delivery, reason: str) -> Outcome:
        """Park a delivery untried, because the broker gave up on it or it seems to kill its handler. Raises Outage."""
        opened = self._open(delivery)
        outcome = refuse(delivery, reason, self.units.clock())
        if isinstance(opened, _Opened):
            outcome = _named(outcome, opened.envelope)
        else:
            outcome = replace(outcome, event_id=opened.event_id, type=opened.type, subject=opened.subject)
        self._conclude(delivery, outcome)
        return outcome

    def _open(self, delivery: Delivery) -> _Opened | Outcome:
        try:
            envelope = from_json(delivery.body)
        except Malformed as error:
            return replace(refuse(delivery, str(error), self.units.clock()), event_id=parking.digest(delivery.body))
        if envelope.type not in self.types and any(name == envelope.type for name, _ in REGISTRY):
            return _named(Outcome("done", "not for this listener"), envelope)
        try:
            event = envelope.event()
        except (Malformed, UnknownContract) as error:
            return _named(refuse(delivery, f"{type(error).__name__}: {error}"[:300], self.units.clock()), envelope)
        if type(event) not in self._handlers:
            return _named(
                refuse(delivery, "UnknownContract: no handler for this version", self.units.clock()), envelope
            )
        return _Opened(delivery, envelope, event)

    def _together(self, batch: list[_Opened]) -> list[Outcome] | None:
        if len(batch) < 2:
            return None
        try:
            with self._outages(), self.units.begin() as unit:
                return self._apply(unit, batch)
        except Outage:
            raise
        except Exception:
            return None

    def _one_by_one(self, batch: list[_Opened]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        stuck: dict[tuple[str, str], Outcome] = {}
        for item in batch:
            line = (item.envelope.source, item.envelope.subject)
            if line in stuck:
                outcome = _named(queue_behind(item.delivery, stuck[line]), item.envelope)
            else:
                outcome = self._alone(item)
            if outcome.kind == "retry":
                stuck[line] = outcome
            outcomes.append(outcome)
        return outcomes

    def _alone(self, item: _Opened, also: Callable[[U], None] | None = None) -> Outcome:
        try:
            with self._outages(), self.units.begin() as unit:
                outcome = self._apply(unit, [item])[0]
                if also is not None:
                    also(unit)
            return outcome
        except Outage:
            raise
        except Exception as error:
            with logs.handling(str(item.envelope.id), item.envelope.type, item.envelope.subject):
                log.warning("a handler failed: %s", logs.safe_message(error), exc_info=error)
            return _named(judge(item.delivery, error, self.units.clock()), item.envelope)

    @contextmanager
    def _outages(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if is_outage(error):
                raise Outage(type(error).__name__) from error
            raise

    def _apply(self, unit: U, batch: list[_Opened]) -> list[Outcome]:
        fresh = self._mark(unit, batch)
        outcomes = []
        for item in batch:
            key = (item.envelope.source, item.envelope.id)
            new = key in fresh
            if new:
                fresh.remove(key)
                self._handle(unit, item)
            outcomes.append(_named(Outcome("done" if new else "repeat"), item.envelope))
        unit.session.flush()
        return outcomes

    def _mark(self, unit: U, batch: list[_Opened]) -> set[tuple[str, UUID]]:
        """Mark the events as handled; those that had not been, whoever else is marking them at this moment."""
        marking = _marking(unit.session.get_bind().dialect.name)
        # Sorted, so that two processes with the same events wait for each other in one order.
        keys = sorted({(item.envelope.source, item.envelope.id) for item in batch})
        rows = [
            {"listener": self.name, "source": source, "event_id": id, "processed_at": unit.now} for source, id in keys
        ]
        return {(source, id) for source, id in unit.session.execute(marking, rows)} if rows else set()

    def _handle(self, unit: U, item: _Opened) -> None:
        envelope = item.envelope
        trace = Trace(envelope.correlationid, str(envelope.id), envelope.traceparent)
        token, unit.cause, began = current_trace.set(trace), envelope, time.perf_counter()
        try:
            with logs.handling(str(envelope.id), envelope.type, envelope.subject):
                self._handlers[type(item.event)](unit, item.event)
        finally:
            current_trace.reset(token)
            unit.cause = None
            self._metrics.handler_seconds.labels(envelope.type).observe(time.perf_counter() - began)

    def _conclude(self, delivery: Delivery, outcome: Outcome) -> None:
        if outcome.kind == "parked":
            with self._outages():
                parking.park(self.units, self.name, delivery.body, outcome)
            log.error(
                "an event was parked: %s",
                outcome.reason,
                extra={"event_id": outcome.event_id, "event_type": outcome.type, "event_subject": outcome.subject},
            )
        self._metrics.consumed.labels(outcome.type, outcome.kind).inc()


@cache
def _marking(dialect: str) -> Any:
    """Inserts the marks that are not there, and answers which those were. Made once for each kind of database."""
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(inbox).on_conflict_do_nothing()
    return statement.returning(inbox.c.source, inbox.c.event_id)


def _named(outcome: Outcome, envelope: Envelope) -> Outcome:
    known = envelope.type if any(name == envelope.type for name, _ in REGISTRY) else "unknown"
    return replace(outcome, event_id=str(envelope.id), type=known, subject=envelope.subject)
