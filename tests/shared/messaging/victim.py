"""A process to be killed: `python -m tests.shared.messaging.victim embedded FOLDER NUMBER COUNT` and the like.

It publishes COUNT events, from number NUMBER on, of three things, while its broker works; then it waits for the end.
"""

import sys
import threading
from uuid import UUID

from shared.timekeeping import system_clock
from shared.worker import EmbeddedBroker, run_worker
from tests.shared.messaging.toy import Happened, Toy

THINGS = [UUID(int=n) for n in (1, 2, 3)]


def publish(toy: Toy, first: int, count: int) -> None:
    """One unit of work for each event, as visitors would."""
    for number in range(first, first + count):
        toy.publish(Happened(thing_id=THINGS[number % 3], number=number))


def embedded(folder: str, first: int, count: int) -> None:
    """Publisher and two listeners in one process."""
    toys = [Toy(name, f"sqlite:///{folder}/{name}.sqlite3", system_clock) for name in ("toy", "alpha", "beta")]
    EmbeddedBroker([toy.service(listens=toy.name != "toy") for toy in toys]).start()
    publish(toys[0], first, count)


def worker(name: str, database: str, broker: str) -> None:
    """One service's worker on RabbitMQ, in a world of `toy` and `alpha`; `toy` publishes only."""
    toy = Toy(name, database, system_clock)
    run_worker(toy.service(listens=name != "toy"), broker, threading.Event(), env={}, listeners=("toy", "alpha"))


if __name__ == "__main__":
    if sys.argv[1] == "embedded":
        embedded(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
        print("published", flush=True)
        threading.Event().wait()
    else:
        worker(*sys.argv[2:5])
