"""One AMQP connection that publishes in batches: pika's SelectConnection, driven from the thread that owns it.

Nothing here is safe to share between threads. After any error or timeout a link is dead: its late confirms could be
taken for those of other messages, so it is thrown away and never mended.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop
from pika.exceptions import AMQPError

from shared.messaging.relay import UNROUTABLE, Unreachable

NACKED = "nacked"


@dataclass(frozen=True, slots=True)
class Message:
    """A persistent message. `id` becomes the message_id, by which a returned message is known again."""

    id: str
    exchange: str
    key: str
    body: bytes
    type: str
    headers: dict[str, Any] = field(default_factory=dict)


class _Corked(pika.SelectConnection):  # type: ignore[misc]  # pika's types are not known here
    """Collects the frames of a batch and hands them to the socket at once: one system call instead of thousands."""

    corked: list[bytes] | None = None

    def _adapter_emit_data(self, data: bytes) -> None:
        if self.corked is None:
            super()._adapter_emit_data(data)
        else:
            self.corked.append(data)

    def uncork(self) -> None:
        """Send what was collected."""
        data, self.corked = b"".join(self.corked or []), None
        if data:
            super()._adapter_emit_data(data)


class Link:
    """An open connection with one channel in confirm mode."""

    def __init__(self, parameters: pika.URLParameters, timeout: float) -> None:
        """Connect; raises Unreachable if that takes longer than `timeout` seconds."""
        self._owner = threading.get_ident()
        self._timeout = timeout
        self._problem: str | None = None
        self._waiting: dict[int, str] = {}
        self._failed: dict[str, str] = {}
        self._last_tag = 0
        self._channel: Any = None
        self._ready = False
        self._loop = IOLoop()
        self._connection = _Corked(
            parameters,
            on_open_callback=lambda connection: connection.channel(on_open_callback=self._on_channel),
            on_open_error_callback=lambda _connection, error: self._break(error),
            on_close_callback=lambda _connection, error: self._break(error),
            custom_ioloop=self._loop,
        )
        self._run_until(lambda: self._ready)

    def send(self, messages: Sequence[Message]) -> dict[str, str]:
        """Publish in order and wait for every answer: the ids that failed, with "unroutable" or "nacked".

        Raises Unreachable when the connection breaks or an answer takes too long; the link is dead then.
        """
        self._check()
        self._failed = {}
        self._connection.corked = []
        try:
            for message in messages:
                self._publish(message)
            self._connection.uncork()
        except AMQPError as error:
            self._break(error)
        self._run_until(lambda: not self._waiting)
        return self._failed

    def tick(self) -> None:
        """Answer heartbeats: to be called every few seconds while nothing is sent. Raises Unreachable."""
        self._check()
        self._loop.call_later(0, self._loop.stop)
        self._loop.start()
        self._check()

    def close(self) -> None:
        """Close politely if that is quick, else just drop the socket."""
        with suppress(Exception):
            if self._connection.is_open:
                self._connection.close()
                self._timeout = min(self._timeout, 2.0)
                self._run_until(lambda: self._connection.is_closed)
        with suppress(Exception):
            self._loop.close()

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(lambda _channel, error: self._break(error))
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_answer, callback=self._on_confirming)

    def _on_confirming(self, _frame: Any) -> None:
        self._ready = True
        self._loop.stop()

    def _publish(self, message: Message) -> None:
        properties = pika.BasicProperties(
            message_id=message.id,
            delivery_mode=2,
            content_type="application/cloudevents+json",
            type=message.type,
            headers=message.headers,
        )
        self._last_tag += 1
        self._waiting[self._last_tag] = message.id
        self._channel.basic_publish(message.exchange, message.key, message.body, properties, mandatory=True)

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        # Comes before the confirm of the same message.
        self._failed[properties.message_id] = UNROUTABLE

    def _on_answer(self, frame: Any) -> None:
        method = frame.method
        tags = [method.delivery_tag]
        if method.multiple:
            tags = [tag for tag in self._waiting if tag <= method.delivery_tag]
        for tag in tags:
            id = self._waiting.pop(tag, None)
            if id is not None and isinstance(method, pika.spec.Basic.Nack):
                self._failed[id] = NACKED
        if not self._waiting:
            self._loop.stop()

    def _break(self, error: BaseException | str) -> None:
        self._problem = self._problem or (error if isinstance(error, str) else type(error).__name__)
        self._loop.stop()

    def _check(self) -> None:
        if threading.get_ident() != self._owner:
            raise RuntimeError("a RabbitMQ connection belongs to the thread that opened it")
        if self._problem is not None:
            raise Unreachable(f"RabbitMQ: {self._problem}")

    def _run_until(self, done: Callable[[], bool]) -> None:
        timer = self._loop.call_later(self._timeout, lambda: self._break("no answer in time"))
        while not done() and self._problem is None:
            self._loop.start()
        self._loop.remove_timeout(timer)
        if not done():
            self._check()
