"""RabbitMQ's side of a listener: kombu takes batches from its queue, and acknowledges after the commit.

The thread that runs this owns the connection. Handlers run in another one, so that heartbeats go out however long they
take. Nothing is acknowledged before its transaction, or its copy in a retry queue, is safe.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotDone
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from typing import Any

from kombu import Connection, Consumer, Queue
from kombu.mixins import ConsumerMixin

from shared.messaging import rabbit_topology as topology
from shared.messaging.delivery import STEPS, Delivery, Outcome
from shared.messaging.held import Held
from shared.messaging.inbox import Listener
from shared.messaging.outage import Outage
from shared.messaging.rabbit import SUBJECT, RabbitSender
from shared.messaging.rabbit_link import Message
from shared.messaging.relay import Unreachable

log = logging.getLogger(__name__)

PREFETCH = 200
BATCH = 100
HEARTBEAT = 30
SUSPECT_FROM = 3
"""Deliveries without an answer from which an event is handled alone: the process may be dying of it."""
ATTEMPTS, HISTORY = "x-hearth-attempts", "x-hearth-history"


class RabbitConsumer(ConsumerMixin):  # type: ignore[misc]  # kombu has no types
    """Consumes one listener's queue until `stop` is set: call `run` in a thread of its own."""

    def __init__(
        self,
        url: str,
        listener: Listener[Any],
        stop: threading.Event,
        *,
        beat: Callable[[], object] = lambda: None,
        batch: int = BATCH,
    ) -> None:
        self._url = url
        hosts = topology.addresses(url)
        self.connection = Connection(";".join(hosts), heartbeat=HEARTBEAT, connect_timeout=5)
        self._hosts = len(hosts)
        self._listener = listener
        self._stop = stop
        self._beat = beat
        self._batch = batch
        self._handlers = ThreadPoolExecutor(1, thread_name_prefix=f"{listener.name}: handlers")
        self._sender = RabbitSender(url)
        self._held = Held()
        self._buffer: list[Any] = []
        self._given_up: list[Any] = []
        self._may_give_up = True

    def run(self) -> None:
        """Consume, and connect again whenever that ends, after 0.2 s and in steps to 2 s."""
        failures = 0
        while not self._stop.is_set():
            try:
                topology.declare_listener(self._url, self._listener.name, self._listener.types)
                for _ in self.consume():
                    failures = 0
            except (*self.connection_errors, *self.channel_errors, Unreachable, OSError) as error:
                if not self._stop.is_set() and (failures in (0, 1, 4) or failures % 15 == 0):
                    log.warning("%s: connecting again: %s", self._listener.name, type(error).__name__)
                failures += 1
                self._beat()
                self._stop.wait(min(0.2 * failures, 2.0))
        self._sender.close()
        self._handlers.shutdown()

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Each host once; `run` does the waiting."""
        with self.connection.clone() as connection:
            connection.ensure_connection(max_retries=self._hosts, interval_start=0, interval_step=0, interval_max=0)
            yield connection

    def get_consumers(self, _consumer: Any, channel: Any) -> list[Any]:
        """The listener's queue, and on another channel what the broker gave up on."""
        self._buffer, self._given_up, self._may_give_up = [], [], True
        parked = Queue(topology.parked_queue(self._listener.name), no_declare=True)
        return [
            Consumer(
                channel,
                [Queue(self._listener.name, no_declare=True)],
                on_message=self._buffer.append,
                prefetch_count=PREFETCH,
                auto_declare=False,
            ),
            Consumer(
                channel.connection.channel(),
                [parked],
                on_message=self._given_up.append,
                prefetch_count=10,
                auto_declare=False,
            ),
        ]

    @contextmanager
    def _consume_from(self, *consumers: Any) -> Iterator[Any]:
        """Without kombu's cancelling at the end: it would hand the queue to the next consumer while we still hold
        events, which would then arrive after later ones. Closing the channel gives both back at once."""
        for consumer in consumers:
            consumer.consume()
        yield consumers

    def consume(self, *_: Any, **__: Any) -> Iterator[None]:
        """Take what is there, handle it, acknowledge it; yields after each round."""
        with self.consumer_context() as (connection, _channel, _consumers):
            while not self._stop.is_set():
                self._beat()
                self._fill(connection)
                self._park_given_up(connection)
                while self._buffer and not self._stop.is_set():
                    self._flush(connection)
                connection.heartbeat_check()
                self._sender.tick()
                yield

    def _fill(self, connection: Any) -> None:
        """Wait up to a second for the first event, then take more for as long as they come at once."""
        if self._drain(connection, 1.0):
            while len(self._buffer) < self._batch and self._drain(connection, 0.002):
                pass

    def _drain(self, connection: Any, timeout: float) -> bool:
        try:
            connection.drain_events(timeout=timeout)
        except TimeoutError:
            return False
        return True

    def _flush(self, connection: Any) -> None:
        messages = next_batch(self._buffer, self._batch)
        del self._buffer[: len(messages)]
        outcomes = self._handle(connection, messages)
        self._send_to_retry(messages, outcomes)
        for message, outcome in zip(messages, outcomes, strict=True):
            self._remember(message, outcome)
        messages[-1].ack(multiple=True)

    def _handle(self, connection: Any, messages: Sequence[Any]) -> list[Outcome]:
        if _unanswered(messages[0]) >= topology.DELIVERY_LIMIT and self._may_give_up:
            # Those behind it came as often without being at fault: only the first is given up for each connection.
            self._may_give_up = False
            reason = f"delivered {topology.DELIVERY_LIMIT} times without an answer: the worker may have died of it"
            return [self._call(connection, lambda: self._listener.give_up(_delivery(messages[0]), reason))]
        waiting = self._waiting(messages)
        now = [message for message, outcome in zip(messages, waiting, strict=True) if outcome is None]
        deliveries = [_delivery(message) for message in now]
        handled = iter(self._call(connection, lambda: self._listener.consume(deliveries)) if now else [])
        return [outcome or next(handled) for outcome in waiting]

    def _waiting(self, messages: Sequence[Any]) -> list[Outcome | None]:
        """For each message: where to wait because earlier ones of its subject do, or None."""
        in_hand: set[str] = set()
        found: list[Outcome | None] = []
        for message in messages:
            subject, id = _subject(message), _id(message)
            delay = self._held.delay_of(subject, id, in_hand) if subject else None
            if delay is None:
                in_hand.add(id)
                found.append(None)
            else:
                came = _delivery(message)
                found.append(Outcome("retry", "", delay, came.attempts, came.history, id, behind=True))
        return found

    def _call(self, connection: Any, work: Callable[[], Any]) -> Any:
        """Run handlers in their thread while this one answers heartbeats; wait for a database that is away."""
        pause = 0.2
        while True:
            try:
                return self._await(connection, self._handlers.submit(work))
            except Outage as outage:
                log.warning("%s: the database is away: %s", self._listener.name, outage)
                if self._stop.wait(pause):
                    raise Unreachable("stopping") from None
                self._keep_alive(connection)
                pause = min(pause * 2, 5.0)

    def _await(self, connection: Any, future: "Future[Any]") -> Any:
        while True:
            try:
                return future.result(timeout=1.0)
            except NotDone:
                if future.done():
                    raise
                self._keep_alive(connection)

    def _keep_alive(self, connection: Any) -> None:
        self._beat()
        self._drain(connection, 0.01)
        connection.heartbeat_check()
        self._sender.tick()

    def _send_to_retry(self, messages: Sequence[Any], outcomes: Sequence[Outcome]) -> None:
        pairs = zip(messages, outcomes, strict=True)
        copies = [self._copy(message, outcome) for message, outcome in pairs if outcome.kind == "retry"]
        if copies and (failed := self._sender.send(copies)):
            raise Unreachable(f"retry queues: {', '.join(sorted(set(failed.values())))}")

    def _copy(self, message: Any, outcome: Outcome) -> Message:
        delay = outcome.delay if outcome.delay in STEPS else STEPS[0]
        headers = {
            SUBJECT: _subject(message) or outcome.subject,
            ATTEMPTS: outcome.attempts,
            HISTORY: json.dumps(outcome.history),
        }
        queue = topology.retry_queue(self._listener.name, delay)
        return Message(_id(message), "", queue, bytes(message.body), message.properties.get("type", ""), headers)

    def _remember(self, message: Any, outcome: Outcome) -> None:
        subject, id = _subject(message), _id(message)
        if subject and outcome.kind == "retry":
            self._held.wait(subject, id, outcome.delay)
        elif subject:
            self._held.release(subject, id)

    def _park_given_up(self, connection: Any) -> None:
        while self._given_up:
            message = self._given_up.pop(0)
            reason = f"the broker gave up on it: {message.headers.get('x-first-death-reason', 'rejected')}"
            self._call(connection, partial(self._listener.give_up, _delivery(message), reason))
            message.ack()


def next_batch(buffer: Sequence[Any], most: int) -> Sequence[Any]:
    """The first messages of the buffer that may share a transaction and an acknowledgement: a suspect goes alone."""
    if _unanswered(buffer[0]) >= SUSPECT_FROM:
        return buffer[:1]
    return list(takewhile(lambda message: _unanswered(message) < SUSPECT_FROM, buffer[:most]))


def _delivery(message: Any) -> Delivery:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    try:
        history = json.loads(message.headers.get(HISTORY, "[]"))
    except ValueError:
        history = []
    return Delivery(body, int(message.headers.get(ATTEMPTS, 0)), history)


def _subject(message: Any) -> str:
    return str(message.headers.get(SUBJECT, ""))


def _id(message: Any) -> str:
    return str(message.properties.get("message_id", ""))


def _unanswered(message: Any) -> int:
    return int(message.headers.get("x-delivery-count", 0))
