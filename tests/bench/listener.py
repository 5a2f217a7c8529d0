"""How many events a second a listener handles: `python -m tests.bench.listener [count]`."""

import sys
import tempfile
import threading

from shared.messaging import rabbit_topology as topology
from shared.messaging.inbox import Listener
from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.rabbit_consumer import RabbitConsumer
from shared.messaging.relay import Relay
from shared.timekeeping import system_clock
from shared.worker import EmbeddedBroker
from tests.bench.messaging import database, deliveries, fill, report, virtual_host
from tests.shared.messaging.toy import Toy


def consume(toy: Toy, count: int, batch: int) -> None:
    """Inbox mark and effect, without a broker."""
    listener, given = Listener(toy.name, toy.units, toy.handlers), deliveries(count)
    report(
        f"inbox and effect, {toy.engine.dialect.name}, batches of {batch}",
        count,
        lambda: [listener.consume(given[start : start + batch]) for start in range(0, count, batch)],
    )


def from_rabbit(url: str, count: int) -> None:
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
        report("RabbitMQ to PostgreSQL, one listener", count, lambda: (consumer.start(), done.wait(300)))
        stop.set()
        consumer.join()
        toy.engine.dispose()
        alpha.engine.dispose()


def embedded(folder: str, count: int) -> None:
    """Outbox to one listener, in one process, on SQLite."""
    toy, alpha = (Toy(name, f"sqlite:///{folder}/e-{name}.sqlite3", system_clock) for name in ("toy", "alpha"))
    fill(toy, count)
    broker = EmbeddedBroker([toy.service(listens=False), alpha.service()])
    report("embedded, SQLite to SQLite", count, lambda: broker.run_until_idle(300))
    assert len(alpha.numbers()) == count
    toy.engine.dispose()
    alpha.engine.dispose()


def main(count: int) -> None:
    """All of them."""
    with tempfile.TemporaryDirectory() as folder, database() as url, database() as other:
        for batch in (1, 50, 100):
            consume(Toy("alpha", url, system_clock), count // (5 if batch == 1 else 1), batch)
            consume(
                Toy("alpha", f"sqlite:///{folder}/alpha.sqlite3", system_clock),
                count // (5 if batch == 1 else 1),
                batch,
            )
        from_rabbit(other, count)
        embedded(folder, count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
