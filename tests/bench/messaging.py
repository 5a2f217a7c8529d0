"""What the messaging benchmarks share: servers from the environment or of their own, and a table of one line each.

`HEARTH_TEST_POSTGRES_URL` and `HEARTH_TEST_RABBIT_URL` (with `HEARTH_TEST_RABBIT_MANAGEMENT_URL`) name the servers;
`python -m tests.servers` starts some and prints them.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.contracts.envelope import to_json, wrap
from shared.ids import new_id
from shared.messaging.delivery import Delivery
from shared.timekeeping import system_clock
from tests.servers.postgres import Postgres
from tests.servers.rabbit import Rabbit
from tests.shared.messaging.toy import Happened, Toy

NOTE = "x" * 600
"""Makes an event of about 1 KB on the wire."""


@contextmanager
def database() -> Iterator[str]:
    """A fresh PostgreSQL database."""
    server = Postgres(os.environ["HEARTH_TEST_POSTGRES_URL"])
    url = server.create()
    yield url
    server.drop(url)


@contextmanager
def virtual_host() -> Iterator[str]:
    """A fresh virtual host of RabbitMQ."""
    server = Rabbit(os.environ["HEARTH_TEST_RABBIT_URL"], os.environ.get("HEARTH_TEST_RABBIT_MANAGEMENT_URL"))
    url = server.create()
    yield url
    server.drop(url)


def events(count: int, subjects: int = 100) -> list[Happened]:
    """Events of about 1 KB, of many subjects."""
    things = [new_id() for _ in range(subjects)]
    return [Happened(thing_id=things[n % subjects], number=n, note=NOTE) for n in range(count)]


def deliveries(count: int) -> list[Delivery]:
    """The same as they come from a broker."""
    made = []
    for event in events(count):
        envelope = wrap(event, id=new_id(), source="toy", time=system_clock()).numbered(1)
        made.append(Delivery(to_json(envelope).encode()))
    return made


def fill(toy: Toy, count: int) -> None:
    """That many rows in the outbox."""
    batch = events(count)
    for start in range(0, count, 500):
        toy.publish(*batch[start : start + 500])


def report(what: str, count: int, run: Callable[[], object]) -> None:
    """Time `run` and print its rate."""
    began = time.perf_counter()
    run()
    print(f"{what:<60} {count / (time.perf_counter() - began):>8,.0f}/s", flush=True)
