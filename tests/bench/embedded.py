"""The embedded broker (SQLite to SQLite, one process) beside whole workers on PostgreSQL and RabbitMQ.

A burst: events that wait in the outbox until the listener has handled the last of them, with its inbox. Latency: from
a commit to the handler at 50 events a second. `python -m tests.bench.embedded [burst [paced [repeats]]]`.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from shared.timekeeping import system_clock
from shared.worker import EmbeddedBroker, run_worker
from tests.bench.messaging import database, events, fill, virtual_host
from tests.bench.reporting import Report
from tests.shared.messaging.toy import Toy

GOAL = ">= 0.8x of RabbitMQ's burst; p50 <= 3x of its latency"
PER_SECOND = 50
PATIENCE = 300


@contextmanager
def in_process() -> Iterator[tuple[Toy, Toy, Callable[[], object], Callable[[], object]]]:
    """The publisher, the listener, and how to start and stop what is between them."""
    with tempfile.TemporaryDirectory() as folder:
        toy, alpha = (Toy(name, f"sqlite:///{Path(folder) / name}.sqlite3", system_clock) for name in ("toy", "alpha"))
        broker = EmbeddedBroker([toy.service(listens=False), alpha.service()])
        yield toy, alpha, broker.start, broker.stop
        for each in (toy, alpha):
            each.engine.dispose()


@contextmanager
def on_rabbit() -> Iterator[tuple[Toy, Toy, Callable[[], object], Callable[[], object]]]:
    """The same with a worker for each service."""
    with virtual_host() as broker, database() as one, database() as other:
        toy, alpha = Toy("toy", one, system_clock), Toy("alpha", other, system_clock)
        stop = threading.Event()
        services = [toy.service(listens=False), alpha.service()]
        threads = [
            threading.Thread(target=run_worker, args=(service, broker, stop), kwargs={"listeners": ("alpha",)})
            for service in services
        ]

        def end() -> None:
            stop.set()
            for thread in threads:
                thread.join()

        yield toy, alpha, lambda: [thread.start() for thread in threads], end
        for each in (toy, alpha):
            each.engine.dispose()


WAYS = {"embedded": in_process, "rabbit": on_rabbit}


def burst(way: str, count: int) -> float:
    """Events a second, from the first that is handled to the last: connections are made before."""
    with WAYS[way]() as (toy, alpha, start, stop):
        fill(toy, count)
        first, last, handled = threading.Event(), threading.Event(), [0]
        began = [0.0]

        def seen(_unit: object, _event: object) -> None:
            handled[0] += 1
            if handled[0] == 1:
                began[0] = time.perf_counter()
                first.set()
            if handled[0] == count:
                last.set()

        alpha.trouble = seen
        start()
        there = last.wait(PATIENCE)
        took = time.perf_counter() - began[0]
        stop()
    if not there:
        raise AssertionError("not every event came: nothing was measured")
    return count / took


def latency(way: str, count: int) -> list[float]:
    """Milliseconds from a commit to the handler, sorted."""
    with WAYS[way]() as (toy, alpha, start, stop):
        began: dict[int, float] = {}
        took: list[float] = []
        ready, done, pause = threading.Event(), threading.Event(), threading.Event()

        def handled(_unit: object, event: object) -> None:
            if event.number < 0:  # type: ignore[attr-defined]
                ready.set()
                return
            took.append(1000 * (time.perf_counter() - began[event.number]))  # type: ignore[attr-defined]
            if len(took) == count:
                done.set()

        alpha.trouble = handled
        start()
        toy.publish(*[type(each)(thing_id=each.thing_id, number=-1) for each in events(1)])
        ready.wait(60)
        for event in events(count):
            began[event.number] = time.perf_counter()
            toy.publish(event)
            pause.wait(max(0.0, 1 / PER_SECOND - (time.perf_counter() - began[event.number])))
        there = done.wait(PATIENCE)
        stop()
    if not there:
        raise AssertionError("not every event came: nothing was measured")
    return sorted(took)


def main(count: int, paced: int, repeats: int) -> None:
    """Both ways in turn."""
    report = Report("embedded", GOAL)
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    middles: dict[str, list[float]] = {way: [] for way in WAYS}
    tails: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(repeats):
        for way in WAYS:
            rates[way].append(burst(way, count))
        for way in WAYS:
            took = latency(way, paced)
            middles[way].append(took[len(took) // 2])
            tails[way].append(took[int(len(took) * 0.99)])
    rate = {way: median(each) for way, each in rates.items()}
    ratio = rate["embedded"] / rate["rabbit"]
    report.row(
        "burst", {"embedded_per_s": rate["embedded"], "rabbit_per_s": rate["rabbit"], "ratio_times": ratio}, count
    )
    for name, found in (("p50", middles), ("p99", tails)):
        ours, theirs = median(found["embedded"]), median(found["rabbit"])
        report.row(
            f"latency at {PER_SECOND}/s, {name}",
            {"embedded_ms": ours, "rabbit_ms": theirs, "ratio_times": ours / theirs},
            paced,
        )
    report.close()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(5_000, 250, 5)[len(given) :])
