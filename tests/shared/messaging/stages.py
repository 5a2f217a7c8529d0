"""The two brokers behind one face, so that one suite of cases says what both must do."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.messaging.inbox import Listener
from shared.messaging.outage import Outage
from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.rabbit_consumer import RabbitConsumer
from shared.messaging.relay import Relay, Unreachable
from shared.messaging.replay import replay_next
from shared.timekeeping import system_clock
from shared.worker import EmbeddedBroker
from tests.shared.messaging.toy import Toy


def eventually(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for an outcome; fail if it does not come."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


class Stage(Protocol):
    """One publisher `toy` and the listeners `alpha` and `beta`, each with its own database."""

    toy: Toy
    alpha: Toy
    beta: Toy

    def settle(self, condition: Callable[[], bool]) -> None:
        """Let everything run until the condition holds; fail if it never does."""

    def without(self, listener: str) -> None:
        """That listener is down from now on."""

    def again(self, listener: str) -> None:
        """It is back."""

    def replay(self) -> None:
        """Have the listeners look for letters marked for replay."""


class EmbeddedStage:
    """The in-process broker on three SQLite files."""

    def __init__(self, folder: Path) -> None:
        self.toy, self.alpha, self.beta = (
            Toy(name, f"sqlite:///{folder}/{name}.sqlite3") for name in ("toy", "alpha", "beta")
        )
        self._broker = EmbeddedBroker([self.toy.service(listens=False), self.alpha.service(), self.beta.service()])
        self._down: set[str] = set()

    def settle(self, condition: Callable[[], bool]) -> None:
        """Run until nothing is left."""
        self._broker.run_until_idle()
        assert condition()

    def without(self, listener: str) -> None:
        """Its database refuses to answer."""
        getattr(self, listener).units.begin = _away

    def again(self, listener: str) -> None:
        """It answers again, after the others have gone as far as they can without it."""
        with pytest.raises((Outage, PoolTimeout)):
            self._broker.run_until_idle()
        del getattr(self, listener).units.begin

    def replay(self) -> None:
        """Part of running until idle."""
        self._broker.run_until_idle()

    def close(self) -> None:
        """Close the files."""
        for toy in (self.toy, self.alpha, self.beta):
            toy.engine.dispose()


def _away(**_: object) -> None:
    raise PoolTimeout("away")


class RabbitStage:
    """RabbitMQ and PostgreSQL: a relay and two consumers in threads, as in three workers."""

    def __init__(self, rabbit: str, make_database: Callable[[], str]) -> None:
        self.url = rabbit
        self.toy, self.alpha, self.beta = (
            Toy(name, make_database(), system_clock) for name in ("toy", "alpha", "beta")
        )
        self._stop = threading.Event()
        self._consumers: dict[str, tuple[threading.Thread, threading.Event]] = {}
        self.listeners = {toy.name: Listener(toy.name, toy.units, toy.handlers) for toy in (self.alpha, self.beta)}
        for name in self.listeners:
            self.again(name)
        self._relay = threading.Thread(target=self._relaying, daemon=True)
        self._relay.start()

    def _relaying(self) -> None:
        publisher = RabbitPublisher(self.url, "toy", listeners=("alpha", "beta"), timeout=5)
        relay = Relay(self.toy.engine, publisher, system_clock)
        while not self._stop.is_set():
            try:
                if not relay.step():
                    self._stop.wait(0.02)
                publisher.tick()
            except Unreachable:
                self._stop.wait(0.1)
        publisher.close()

    def settle(self, condition: Callable[[], bool]) -> None:
        """Wait for it."""
        eventually(condition)

    def without(self, listener: str) -> None:
        """Its consumer stops; its queue stays."""
        thread, stop = self._consumers.pop(listener)
        stop.set()
        thread.join(10)

    def again(self, listener: str) -> None:
        """Another consumer for the same queue."""
        stop = threading.Event()
        consumer = RabbitConsumer(self.url, self.listeners[listener], stop)
        thread = threading.Thread(target=consumer.run, daemon=True)
        thread.start()
        self._consumers[listener] = (thread, stop)

    def replay(self) -> None:
        """What the workers' replay threads do."""
        for listener in self.listeners.values():
            while replay_next(listener):
                pass

    def close(self) -> None:
        """End the threads."""
        self._stop.set()
        for _thread, stop in self._consumers.values():
            stop.set()
        for name in list(self._consumers):
            self.without(name)
        self._relay.join(10)
        for toy in (self.toy, self.alpha, self.beta):
            toy.engine.dispose()


def short_steps(monkeypatch: object) -> None:
    """Retry queues of milliseconds instead of a minute."""
    steps = (0.05, 0.1, 0.2)
    for module in ("delivery", "rabbit_topology", "rabbit_consumer"):
        monkeypatch.setattr(f"shared.messaging.{module}.STEPS", steps)
