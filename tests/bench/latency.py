"""How long from a commit to the handler in another service, whole workers, beside a message that is sent directly.

`python -m tests.bench.latency [count [repeats]]`.
"""

import sys
import threading
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.timekeeping import system_clock
from shared.worker import run_worker
from tests.bench.messaging import database, events, virtual_host
from tests.bench.relay import channel_to
from tests.bench.reporting import Report
from tests.shared.messaging.toy import Toy

PER_SECOND = 50
_DURABLE = pika.BasicProperties(delivery_mode=2)


def measure(count: int, **env: str) -> list[float]:
    """Milliseconds for each event, at 50 a second, sorted."""
    with virtual_host() as broker, database() as one, database() as other:
        toy, alpha = Toy("toy", one, system_clock), Toy("alpha", other, system_clock)
        stop, done, ready = threading.Event(), threading.Event(), threading.Event()
        began: dict[int, float] = {}
        took: list[float] = []

        def handled(_unit: object, event: object) -> None:
            if event.number < 0:
                ready.set()
                return
            took.append(1000 * (time.perf_counter() - began[event.number]))
            if len(took) == count:
                done.set()

        alpha.trouble = handled
        options = {"env": env, "listeners": ("alpha",)}
        services = [toy.service(listens=False), alpha.service()]
        threads = [threading.Thread(target=run_worker, args=(s, broker, stop), kwargs=options) for s in services]
        for thread in threads:
            thread.start()
        # Another process would publish: the relay must hear of it from the database alone.
        apart = Toy("toy", one, system_clock)
        apart.publish(*[type(e)(thing_id=e.thing_id, number=-1) for e in events(1)])
        ready.wait(60)
        for event in events(count):
            began[event.number] = time.perf_counter()
            apart.publish(event)
            stop.wait(max(0.0, 1 / PER_SECOND - (time.perf_counter() - began[event.number])))
        done.wait(60)
        stop.set()
        for thread in threads:
            thread.join()
        for each in (toy, alpha, apart):
            each.engine.dispose()
        return sorted(took)


def direct(count: int) -> list[float]:
    """The same from publishing by pika to a consumer's callback, with no database at either end."""
    took: list[float] = []
    with virtual_host() as broker, channel_to(broker) as sending, channel_to(broker) as receiving:
        arguments = {"x-queue-type": "quorum"}
        sending.queue_declare("direct", durable=True, arguments=arguments)

        def handled(channel: BlockingChannel, method: Any, _properties: object, body: bytes) -> None:
            took.append(1000 * (time.perf_counter() - float(body.split(b" ")[0])))
            channel.basic_ack(method.delivery_tag)
            if len(took) == count:
                channel.stop_consuming()

        receiving.basic_consume("direct", handled)
        consumer = threading.Thread(target=receiving.start_consuming, daemon=True)
        consumer.start()
        for _ in range(count):
            began = time.perf_counter()
            sending.basic_publish("", "direct", f"{began} {'x' * 1000}".encode(), _DURABLE)
            time.sleep(max(0.0, 1 / PER_SECOND - (time.perf_counter() - began)))
        consumer.join(60)
    return sorted(took)


def main(count: int, repeats: int) -> None:
    """With NOTIFY, and with a poll of 100 ms instead, in turn with sending directly."""
    report = Report("latency", "p50 <= 2x of a direct message, p99 <= 3x")
    polling = {"HEARTH_NOTIFY": "off", "HEARTH_RELAY_POLL_MS": "100"}
    ways: dict[str, Callable[[], list[float]]] = {
        "direct": lambda: direct(count),
        "NOTIFY": lambda: measure(count),
        "poll of 100 ms": lambda: measure(count, **polling),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            took = way()
            found[name].append((took[len(took) // 2], took[int(len(took) * 0.99)]))
    middle = {name: (median(p50 for p50, _ in each), median(p99 for _, p99 in each)) for name, each in found.items()}
    for name, (p50, p99) in middle.items():
        ratios = {"p50 to direct_times": p50 / middle["direct"][0], "p99 to direct_times": p99 / middle["direct"][1]}
        report.row(f"commit to handler, {name}", {"p50_ms": p50, "p99_ms": p99, **ratios}, count)
    report.close()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(500, 3)[len(given) :])
