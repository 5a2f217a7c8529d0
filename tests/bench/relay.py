"""From a PostgreSQL outbox to a quorum queue, beside publishing alone: `python -m tests.bench.relay [count [repeats]]`.

- raw: the same bytes by pika without waiting for confirmations, and nothing kept;
- confirm each: the relay that one writes first: a row, its confirmation, its deletion, the next row.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pika
from pika.adapters.blocking_connection import BlockingChannel
from sqlalchemy import delete, select

from shared.messaging import rabbit_topology as topology
from shared.messaging.rabbit import RabbitPublisher
from shared.messaging.relay import Relay
from shared.messaging.tables import outbox
from shared.timekeeping import system_clock
from tests.bench.messaging import database, fill, rate_of, virtual_host
from tests.bench.reporting import Report
from tests.shared.messaging.toy import Toy

GOAL = ">= 0.7x of raw pipelined publishing; >= 6x of a relay that confirms each"
EACH = 500
"""Rows of a round of the relay that confirms each: it is slow, and its rate does not depend on how many."""
_DURABLE = pika.BasicProperties(delivery_mode=2)


@contextmanager
def channel_to(broker: str) -> Iterator[BlockingChannel]:
    """A channel of pika's own."""
    connection = pika.BlockingConnection(topology.parameters(topology.addresses(broker)[0]))
    yield connection.channel()
    connection.close()


def raw(broker: str, bodies: list[bytes]) -> float:
    """Events a second, until the broker has read them all."""
    with channel_to(broker) as channel:

        def publish() -> None:
            for body in bodies:
                channel.basic_publish(topology.exchange_of("toy"), "toy.happened", body, _DURABLE)
            channel.queue_declare("alpha", passive=True)

        return rate_of(len(bodies), publish)


def confirm_each(broker: str, toy: Toy) -> float:
    """Events a second, each deleted once it is confirmed."""
    with channel_to(broker) as channel:
        channel.confirm_delivery()

        def one() -> bool:
            with toy.engine.begin() as connection:
                row = connection.execute(select(outbox).order_by(outbox.c.position).limit(1)).first()
                if row is None:
                    return False
                channel.basic_publish(topology.exchange_of("toy"), row.type, row.body.encode(), _DURABLE, True)
                connection.execute(delete(outbox).where(outbox.c.position == row.position))
            return True

        return rate_of(EACH, lambda: _drain(one))


def main(count: int, repeats: int) -> None:
    """All three in turn."""
    report = Report("relay", GOAL)
    found: dict[str, list[float]] = {"relay": [], "raw": [], "confirm each": []}
    with virtual_host() as broker, database() as url:
        topology.declare_listener(broker, "alpha", ["toy.happened"])
        publisher = RabbitPublisher(broker, "toy", listeners=["alpha"])
        toy = Toy("toy", url, system_clock)
        relay = Relay(toy.engine, publisher, system_clock)
        for _ in range(repeats):
            fill(toy, count)
            with toy.engine.connect() as connection:
                bodies = [body.encode() for body in connection.execute(select(outbox.c.body)).scalars()]
            found["relay"].append(rate_of(count, lambda: _drain(relay.step)))
            assert toy.waiting() == 0
            found["raw"].append(raw(broker, bodies))
            fill(toy, EACH)
            found["confirm each"].append(confirm_each(broker, toy))
        publisher.close()
        toy.engine.dispose()
    middle = {name: median(rates) for name, rates in found.items()}
    ratios = {f"to {name}_times": middle["relay"] / middle[name] for name in ("raw", "confirm each")}
    report.row("relay", {**{f"{name}_per_s": rate for name, rate in middle.items()}, **ratios}, count)
    report.close()


def _drain(step: object) -> None:
    while step():  # type: ignore[operator]
        pass


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(20_000, 5)[len(given) :])
