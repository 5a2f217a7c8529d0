"""The embedded mode: every service's relay, listener, clock and loops as threads of one process."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.messaging.inbox import Listener
from shared.messaging.inprocess import Passage, Publishing, adopt, check
from shared.messaging.replay import replay_next
from shared.schedule import Schedule
from shared.service import Service
from shared.worker import housekeeping
from shared.worker.threads import Task, Threads


@dataclass(frozen=True)
class _Room:
    """One service with what the broker has made for it; `passages` lead to its listener."""

    service: Service[Any]
    listener: Listener[Any]
    schedule: Schedule[Any]
    passages: tuple[Passage, ...]

    def receive(self) -> bool:
        worked = [passage.step() for passage in self.passages]
        return any(worked)


class EmbeddedBroker:
    """Moves the events of several services that live in this process and keep their data in SQLite.

    The databases must be migrated. Raises RuntimeError for a database that cannot carry it.
    """

    def __init__(self, services: Sequence[Service[Any]]) -> None:
        for service in services:
            check(service.units.engine)
        listeners = tuple(Listener(s.name, s.units, s.handlers, s.metrics) for s in services)
        self._publishings = [Publishing.of(s.name, s.units.engine, listeners, s.metrics) for s in services]
        self._rooms = [
            _Room(
                service,
                listener,
                Schedule(service.units, service.due_handlers, service.metrics),
                tuple(Passage(one, listener) for one in self._publishings if listener in one.listeners),
            )
            for service, listener in zip(services, listeners, strict=True)
        ]
        self._threads: Threads | None = None
        self._adopted = False

    def start(self) -> None:
        """Begin to work in threads of this process."""
        self._adopt()
        threads = self._threads = Threads(threading.Event())
        for room in self._rooms:
            for task in _tasks(room):
                threads.start(task)
            room.service.units.on_published = threads.wake_all

    def stop(self, timeout: float = 10.0) -> list[str]:
        """End the threads after what they have in hand; the names of those that took longer than `timeout` seconds."""
        threads, self._threads = self._threads, None
        if threads is None:
            return []
        for room in self._rooms:
            room.service.units.on_published = None
        threads.stop.set()
        return threads.join(timeout)

    def stalled(self) -> list[str]:
        """Threads that ended or hang."""
        return self._threads.stalled() if self._threads is not None else []

    def run_until_idle(self, timeout: float = 30.0) -> int:
        """Do everything there is to do, in this thread, until nothing is left; how many rounds that took.

        Outboxes, listeners, due rows by each service's clock, marked dead letters and loops. What waits for another
        try is tried at once, so that a handler that always fails ends in the dead letters; an event that answers NotYet
        and that nothing resolves stays waiting. Raises TimeoutError if it never ends, and what a loop raises.
        """
        self._adopt()
        deadline, rounds = time.monotonic() + timeout, 0
        while self._round() or self._retry_now():
            rounds += 1
            if time.monotonic() > deadline:
                raise TimeoutError("the services are still busy: something sets itself off again and again")
        return rounds

    def _round(self) -> bool:
        worked = [step() for room in self._rooms for step in _steps(room)]
        return any(worked)

    def _retry_now(self) -> bool:
        worked = [passage.retry_now() for room in self._rooms for passage in room.passages]
        return any(worked)

    def _adopt(self) -> None:
        if not self._adopted:
            for publishing in self._publishings:
                adopt(publishing)
            self._adopted = True


def _steps(room: _Room) -> list[Callable[[], bool]]:
    loops = [loop.step for loop in room.service.loops]
    return [*loops, room.schedule.run_next, lambda: replay_next(room.listener), room.receive]


def _tasks(room: _Room) -> list[Task]:
    name = room.service.name

    def tidy() -> bool:
        housekeeping.purge(room.service.units)
        return False

    return [
        Task(f"{name}: listener", room.receive),
        Task(f"{name}: clock", room.schedule.run_next),
        Task(f"{name}: replay", lambda: replay_next(room.listener), wakeful=False),
        Task(f"{name}: housekeeping", tidy, every=housekeeping.EVERY, wakeful=False),
        *(Task(f"{name}: {loop.name}", loop.step, every=loop.every, close=loop.close) for loop in room.service.loops),
    ]
