"""The relay as a task: woken by NOTIFY on PostgreSQL, by the process's commits on SQLite, and each second anyway."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.relay import Relay, listening
from shared.service import Service
from shared.unit_of_work import NOTIFY_CHANNEL
from shared.worker.threads import Task


class Notifications:
    """Waits for NOTIFY on a connection of its own; without one, the poll is all there is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stack = ExitStack()
        self._connection: Any = None

    def wait(self, seconds: float) -> bool:
        """Wait for news; whether there was any. Raises sqlalchemy or psycopg errors when the connection is lost."""
        if self._connection is None:
            self._connection = self._stack.enter_context(listening(self._engine, NOTIFY_CHANNEL))
            # What was committed before we listened was announced to nobody.
            return True
        try:
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection up."""
        self._connection = None
        try:
            self._stack.close()
        except SQLAlchemyError:
            self._stack = ExitStack()


def relay_task(service: Service[Any], broker_url: str, poll: float, listeners: Sequence[str]) -> Task:
    """The service's outbox to RabbitMQ, in the thread that owns the connection."""
    publisher = RabbitPublisher(broker_url, service.name, listeners=listeners)
    relay = Relay(service.units.engine, publisher, service.clock, service.metrics)
    notifications = Notifications(service.units.engine) if service.units.notify else None
    wake = threading.Event()

    def wait(seconds: float) -> None:
        if notifications is not None:
            notifications.wait(seconds)
        else:
            wake.wait(seconds)
            wake.clear()
        publisher.tick()

    def close() -> None:
        publisher.close()
        if notifications is not None:
            notifications.close()

    return Task(f"{service.name}: relay", relay.step, every=poll, wait=wait, close=close, wake=wake)
