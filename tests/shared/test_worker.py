"""The threads of a worker: they survive failures, can be woken and stopped, and tell when they hang."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from shared.messaging.relay import Unreachable
from shared.worker.threads import STALLED_AFTER, Task, Threads
from tests.shared.messaging.stages import eventually


@pytest.fixture
def threads() -> Iterator[Threads]:
    """Threads that are ended after the test."""
    made = Threads(threading.Event())
    yield made
    made.stop.set()
    assert made.join(10) == []


def test_a_task_goes_on_while_there_is_more_and_then_waits_to_be_woken(threads: Threads) -> None:
    left, rounds = [3], []

    def step() -> bool:
        rounds.append(1)
        left[0] -= 1
        return left[0] > 0

    threads.start(Task("counting", step, every=600))
    eventually(lambda: len(rounds) == 3)
    threads.wake_all()
    eventually(lambda: len(rounds) == 4)


def test_news_does_not_wake_what_has_its_own_time(threads: Threads) -> None:
    tidied, worked = [], []
    threads.start(Task("tidy", lambda: bool(tidied.append(1)), every=600, wakeful=False))
    threads.start(Task("work", lambda: bool(worked.append(1)), every=600))
    eventually(lambda: len(tidied) == len(worked) == 1)
    threads.wake_all()
    eventually(lambda: len(worked) == 2)
    assert len(tidied) == 1


def test_a_failing_step_is_told_and_tried_again(threads: Threads, caplog: pytest.LogCaptureFixture) -> None:
    tries: list[int] = []

    def step() -> bool:
        tries.append(1)
        if len(tries) == 1:
            raise Unreachable("RabbitMQ: no answer in time")
        if len(tries) == 2:
            raise ValueError("a bug")
        return False

    with caplog.at_level(logging.INFO):
        threads.start(Task("relay", step, every=600))
        eventually(lambda: "relay works again" in caplog.messages)
    assert "relay could not go on: RabbitMQ: no answer in time" in caplog.messages
    bug = next(record for record in caplog.records if record.getMessage() == "relay could not go on: ValueError")
    assert bug.exc_info is not None, "a bug is told with its place, an outage without"


def test_a_task_that_hangs_or_has_ended_is_stalled(threads: Threads) -> None:
    go_on = threading.Event()
    task = Task("hanging", lambda: not go_on.wait(30))
    threads.start(task)
    assert threads.stalled() == []
    task.beat -= STALLED_AFTER + 1
    assert threads.stalled() == ["hanging"]
    task.touch()
    assert threads.stalled() == []
    go_on.set()
    threads.stop.set()
    threads.join(10)
    assert threads.stalled() == ["hanging"]


def test_what_a_task_holds_is_closed_when_it_ends() -> None:
    closed: list[int] = []
    threads = Threads(threading.Event())
    threads.start(Task("relay", lambda: False, close=lambda: closed.append(1)))
    threads.stop.set()
    assert threads.join(10) == [] and closed == [1]


def test_the_embedded_mode_does_not_load_what_speaks_amqp() -> None:
    script = "import sys, shared.worker, shared.probes; print([name in sys.modules for name in ('kombu', 'pika')])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "[False, False]\n"
