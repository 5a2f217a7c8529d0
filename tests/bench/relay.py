"""How many events a second go from a PostgreSQL outbox to a quorum queue: `python -m tests.bench.relay [count]`."""

import sys

from shared.ids import new_id
from shared.messaging import rabbit_topology as topology
from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.relay import BATCH, Outgoing, Relay
from shared.timekeeping import system_clock
from tests.bench.messaging import NOTE, database, fill, report, virtual_host
from tests.shared.messaging.toy import Toy


def main(count: int) -> None:
    """Publishing alone, then with the database."""
    with virtual_host() as broker, database() as url:
        topology.declare_listener(broker, "alpha", ["toy.happened"])
        publisher = RabbitPublisher(broker, "toy", listeners=["alpha"])
        rows = [Outgoing(new_id(), "toy.happened", "thing/1", (NOTE + NOTE[:400]).encode()) for _ in range(BATCH)]
        publisher.publish_batch(rows)
        report(
            "publish, batches of 500, confirmed",
            count,
            lambda: [publisher.publish_batch(rows) for _ in range(count // BATCH)],
        )
        toy = Toy("toy", url, system_clock)
        relay = Relay(toy.engine, publisher, system_clock)
        fill(toy, count)
        report("relay, PostgreSQL to RabbitMQ", count, lambda: _drain(relay))
        assert toy.waiting() == 0
        publisher.close()
        toy.engine.dispose()


def _drain(relay: Relay) -> None:
    while relay.step():
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
