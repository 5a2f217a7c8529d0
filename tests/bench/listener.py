"""How many events a second a listener handles, beside the effect alone in a transaction each.

`python -m tests.bench.listener [count [repeats]]`.
"""

import sys
import tempfile
import threading
from statistics import median

from sqlalchemy import insert

from shared.messaging import rabbit_topology as topology
from shared.messaging.inbox import Listener
from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.rabbit_consumer import RabbitConsumer
from shared.messaging.relay import Relay
from shared.timekeeping import system_clock
from shared.worker import EmbeddedBroker
from tests.bench.messaging import database, deliveries, events, fill, rate_of, virtual_host
from tests.bench.reporting import Report
from tests.shared.messaging.toy import Toy, effects


def consume(toy: Toy, count: int, batch: int) -> float:
    """Inbox mark and effect, without a broker."""
    listener, given = Listener(toy.name, toy.units, toy.handlers), deliveries(count)
    return rate_of(count, lambda: [listener.consume(given[start : start + batch]) for start in range(0, count, batch)])


def effect_alone(toy: Toy, count: int) -> float:
    """The effect of each event in a transaction of its own: no inbox, so a repeated event would be done twice."""
    given = events(count)

    def run() -> None:
        for event in given:
            with toy.engine.begin() as connection:
                values = {"thing_id": event.thing_id, "number": event.number, "sequence": 1, "kind": "happened"}
                connection.execute(insert(effects).values(values))

    return rate_of(count, run)


def from_rabbit(url: str, count: int) -> float:
    """A full queue to PostgreSQL, with kombu."""
    with virtual_host() as broker, tempfile.TemporaryDirectory() as folder:
        toy = Toy("toy", f"sqlite:///{folder}/toy.sqlite3", system_clock)
        alpha = Toy("alpha", url, system_clock)
        listener = Listener("alpha", alpha.units, alpha.handlers)
        topology.declare_listener(broker, "alpha", listener.types)
        publisher = RabbitPublisher(broker, "toy", listeners=["alpha"])
        fill(toy, count)
        relay = Relay(toy.engine, publisher, system_clock)
        while relay.step():
            pass
        publisher.close()
        done, stop = threading.Event(), threading.Event()
        alpha.trouble = lambda _unit, event: done.set() if event.number == count - 1 else None
        consumer = threading.Thread(target=RabbitConsumer(broker, listener, stop).run)
        found = rate_of(count, lambda: (consumer.start(), done.wait(300)))
        stop.set()
        consumer.join()
        toy.engine.dispose()
        alpha.engine.dispose()
    return found


def embedded(folder: str, count: int) -> float:
    """Outbox to one listener, in one process, on SQLite."""
    toy, alpha = (Toy(name, f"sqlite:///{folder}/e-{name}.sqlite3", system_clock) for name in ("toy", "alpha"))
    fill(toy, count)
    broker = EmbeddedBroker([toy.service(listens=False), alpha.service()])
    found = rate_of(count, lambda: broker.run_until_idle(300))
    assert len(alpha.numbers()) == count
    toy.engine.dispose()
    alpha.engine.dispose()
    return found


def main(count: int, repeats: int) -> None:
    """Each way in turn with the effect alone; then whole ways once."""
    report = Report("listener", ">= 1.3x of the effect alone, one transaction each; set-based >= 4x")
    with tempfile.TemporaryDirectory() as folder, database() as url, database() as other:
        alpha = Toy("alpha", url, system_clock)
        found: dict[int, list[float]] = {0: [], 1: [], 50: [], 100: []}
        for _ in range(repeats):
            for batch, rates in found.items():
                some = count if batch > 1 else max(1, count // 5)
                rates.append(consume(alpha, some, batch) if batch else effect_alone(alpha, some))
        alone = median(found.pop(0))
        for batch, rates in found.items():
            figures = {"listener_per_s": median(rates), "effect alone_per_s": alone}
            report.row(f"batches of {batch}", {**figures, "ratio_times": median(rates) / alone}, count)
        alpha.engine.dispose()
        report.row("RabbitMQ to PostgreSQL", {"rate_per_s": from_rabbit(other, count)}, count)
        report.row("embedded, SQLite to SQLite", {"rate_per_s": embedded(folder, count)}, count)
    report.close()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(5_000, 5)[len(given) :])
