"""What the messaging benchmarks share: databases and brokers on servers found as the tests find theirs, and events."""

import atexit
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from shared.contracts.envelope import to_json, wrap
from shared.ids import new_id
from shared.messaging.delivery import Delivery
from shared.timekeeping import system_clock
from tests.servers.postgres import Postgres
from tests.servers.rabbit import Rabbit
from tests.servers.shared_run import SharedRun
from tests.shared.messaging.toy import Happened, Toy

NOTE = "x" * 600
"""Makes an event of about 1 KB on the wire."""


@cache
def servers() -> SharedRun:
    """The servers of this run, found or started as for the tests when they are first asked for."""
    run = SharedRun.begin()
    atexit.register(run.end)
    return run


@contextmanager
def database() -> Iterator[str]:
    """A fresh PostgreSQL database."""
    server = Postgres(servers().server("postgres")["url"])
    url = server.create()
    yield url
    server.drop(url)


@contextmanager
def virtual_host() -> Iterator[str]:
    """A fresh virtual host of RabbitMQ."""
    record = servers().server("rabbit")
    server = Rabbit(record["url"], record.get("management"))
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


def rate_of(count: int, run: Callable[[], object]) -> float:
    """How many a second, when `run` does so many."""
    began = time.perf_counter()
    run()
    return count / (time.perf_counter() - began)
