"""Threads that do one thing again and again, survive its failures, and can be woken and stopped."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.messaging.outage import Outage, is_outage
from shared.messaging.relay import Unreachable

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds of rest after one, two, three ... failures in a row."""
STALLED_AFTER = 120.0


@dataclass
class Task:
    """One thing to be done again and again. `step` says whether there may be more at once."""

    name: str
    step: Callable[[], bool]
    every: float = 1.0
    wait: Callable[[float], object] | None = None
    """Waits for work for at most that many seconds; without it, the task's own wake-up call is waited for."""
    close: Callable[[], object] | None = None
    wakeful: bool = True
    """Whether news of something published should have it look for work before its time."""
    wake: threading.Event = field(default_factory=threading.Event)
    beat: float = field(default_factory=time.monotonic)

    def touch(self) -> None:
        """Show that the task is alive, from within a long step."""
        self.beat = time.monotonic()


class Threads:
    """A thread for each task."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.tasks: list[Task] = []
        self._threads: list[threading.Thread] = []

    def start(self, task: Task) -> None:
        """Begin a task; its failures are logged and it goes on after a rest that grows to five seconds."""
        thread = threading.Thread(target=self._run, args=(task,), name=task.name, daemon=True)
        self.tasks.append(task)
        self._threads.append(thread)
        thread.start()

    def wake_all(self) -> None:
        """Have the wakeful tasks look for work now."""
        for task in self.tasks:
            if task.wakeful or self.stop.is_set():
                task.wake.set()

    def join(self, timeout: float) -> list[str]:
        """Wait for the threads to end (set `stop` before); the names of those that did not in time."""
        self.wake_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return [thread.name for thread in self._threads if thread.is_alive()]

    def stalled(self) -> list[str]:
        """Tasks that ended, or have not come round for two minutes."""
        limit = time.monotonic() - STALLED_AFTER
        pairs = zip(self.tasks, self._threads, strict=True)
        return [task.name for task, thread in pairs if task.beat < limit or not thread.is_alive()]

    def _run(self, task: Task) -> None:
        failures = 0
        while not self.stop.is_set():
            task.touch()
            try:
                more = task.step()
                if failures:
                    log.info("%s works again", task.name)
                failures = 0
                if not more and not self.stop.is_set():
                    self._rest(task)
            except Exception as error:
                _tell(task.name, error, failures)
                self.stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])
                failures += 1
        if task.close is not None:
            task.close()

    def _rest(self, task: Task) -> None:
        if task.wait is not None:
            task.wait(task.every)
        else:
            task.wake.wait(task.every)
            task.wake.clear()


def _tell(name: str, error: Exception, failures: int) -> None:
    """Say what is wrong, but not every second of a long outage."""
    away = isinstance(error, Unreachable | Outage) or is_outage(error)
    if failures in (0, 1, 4) or failures % 12 == 0:
        said = str(error) if isinstance(error, Unreachable) else type(error).__name__
        log.warning("%s could not go on: %s", name, said, exc_info=None if away else error)
