"""`hearth bench email`: 3,000 messages with an invitation, from the event to the outcome in the database; and kills.

Beside it, in turn in the same run, to the same `smtp-sink` of Postfix:
- the usual shape of a Django project: for each message the template, its CSS and the calendar are made anew, a
  connection is opened, and the row is saved;
- `smtp-source -s2`, Postfix's own sender in C, with messages of the same length and nothing behind them.
Then the kill test whole: a sender killed 80 times while it sends 3,000 messages to a server that misbehaves.

Needs Postfix's smtp-sink and smtp-source. HEARTH_TEST_POSTGRES_URL names the database server; without it, SQLite.
Options: `--rounds 5 --messages 3000 --kills 80`.
"""

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from services.notifications.storage.mailers import open_mailer
from services.notifications.use_cases.send_messages import Sender
from shared.contracts.envelope import to_json
from shared.messaging.delivery import Delivery
from shared.timekeeping import MovableClock, system_clock
from tests.bench.messaging import database
from tests.bench.reporting import Report
from tests.notifications.conftest import migrate
from tests.notifications.killing import Toll, kill_while_sending
from tests.notifications.postbox import Postbox, make_config, registered, session

PER_SESSION = 50
DJANGO = 120
"""Messages of a round of the Django shape: it is slow, and its rate does not depend on how many."""
SETTLE = 100


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """Postfix's sink, which takes everything; its port."""
    port = free_port()
    process = subprocess.Popen([tool("smtp-sink"), *_user(), "-m", "64", f"127.0.0.1:{port}", "256"])
    try:
        for _ in range(SETTLE):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _user() -> list[str]:
    """Who the sink is: it refuses to be root."""
    return ["-u", "nobody"] if os.geteuid() == 0 else []


def tool(name: str) -> str:
    """Where a program of Postfix is."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/libexec/postfix")
    if found is None:
        sys.exit(f"{name} is not installed: it comes with Postfix.")
    return found


def hearth(postbox: Postbox, port: int, people: list[UUID], count: int) -> float:
    """Messages a second: sessions are published, everybody is invited, every outcome is in the database."""
    starts = postbox.clock() + timedelta(days=9)
    events = [
        session(people[at : at + PER_SESSION], starts, title=f"Session {at}", place="Friends Meeting House")
        for at in range(0, count, PER_SESSION)
    ]
    deliveries = [Delivery(to_json(postbox.envelope(event)).encode()) for event in events]
    sender = Sender(postbox.units, open_mailer(f"smtp+insecure://127.0.0.1:{port}"), "hearth@example.org")
    news = threading.Event()
    postbox.units.on_published = news.set  # a worker's loops wait for it too
    listening = threading.Thread(target=listen, args=(postbox, deliveries, news))
    began = time.perf_counter()
    listening.start()
    while listening.is_alive():
        if not sender.step():
            news.wait(1.0)
            news.clear()
    while sender.step():
        pass
    took = time.perf_counter() - began
    sender.close()
    return count / took


def listen(postbox: Postbox, deliveries: list[Delivery], news: threading.Event) -> None:
    """The worker's other thread: take the events in."""
    for at in range(0, len(deliveries), 10):
        postbox.listener.consume(deliveries[at : at + 10])
    news.set()


def raw(port: int, count: int, length: int) -> float:
    """Messages a second of smtp-source."""
    command = [tool("smtp-source"), "-s", "2", "-m", str(count), "-l", str(length), f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return count / (time.perf_counter() - began)


def length_of_a_message(postbox: Postbox) -> int:
    """Octets of one of our messages."""
    person = postbox.person()
    postbox.publish(session([person], postbox.clock() + timedelta(days=9)))
    postbox.send()
    return len(postbox.mailer.taken[-1].message)


@contextlib.contextmanager
def a_postbox(folder: Path) -> Iterator[Postbox]:
    """The service on PostgreSQL if there is one, else on SQLite."""
    with contextlib.ExitStack() as stack:
        if os.environ.get("HEARTH_TEST_POSTGRES_URL"):
            url = stack.enter_context(database())
        else:
            url = f"sqlite:///{folder / 'bench.sqlite3'}"
        migrate(url)
        postbox = Postbox(make_config(url, PUBLIC, folder), MovableClock(system_clock()))
        yield postbox
        postbox.close()


def django_shape(port: int, count: int, postbox: Postbox) -> float:
    """Messages a second of the usual shape: template, CSS and calendar made for each, a connection for each, and each
    row saved. With Django's own classes if it is installed, else with the standard library's in their place."""
    from tests.bench.email_django import send_all

    began = time.perf_counter()
    send_all(port, count, postbox.units.engine)
    return count / (time.perf_counter() - began)


PUBLIC = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""


def measure(rounds: int, messages: int) -> dict[str, Any]:
    """All three in turn, so often; medians and ratios."""
    found: dict[str, list[float]] = {"hearth": [], "django": [], "smtp-source": []}
    with tempfile.TemporaryDirectory() as folder, sink() as port, a_postbox(Path(folder)) as postbox:
        people = [uuid4() for _ in range(messages)]
        for at in range(0, messages, 500):
            postbox.publish(*(registered(each, f"Person {each.hex[:4]}") for each in people[at : at + 500]))
        length = length_of_a_message(postbox)
        for number in range(rounds):
            postbox.clock.set(system_clock())
            found["hearth"].append(hearth(postbox, port, people, messages))
            found["django"].append(django_shape(port, DJANGO, postbox))
            found["smtp-source"].append(raw(port, messages, length))
            print(f"round {number + 1}: " + ", ".join(f"{name} {rates[-1]:,.0f}/s" for name, rates in found.items()))
        grown = growth(postbox, port, people, rounds)
        kept = postbox.service.units.engine.dialect.name
    middle = {name: statistics.median(rates) for name, rates in found.items()}
    ratios = {
        "to the Django shape": statistics.median(a / b for a, b in zip(found["hearth"], found["django"], strict=True)),
        "to smtp-source -s2": statistics.median(
            a / b for a, b in zip(found["hearth"], found["smtp-source"], strict=True)
        ),
    }
    return {
        "messages": messages, "octets": length, "database": kept, "a second": middle, "ratio": ratios, "grown": grown
    }  # fmt: skip


def growth(postbox: Postbox, port: int, people: list[UUID], rounds: int) -> dict[int, float]:
    """Size -> seconds it takes, at three sizes in turn."""
    sizes = [len(people) // 4, len(people) // 2, len(people)]
    took: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size in sizes:
            postbox.clock.set(system_clock())
            took[size].append(size / hearth(postbox, port, people, size))
    return {size: statistics.median(each) for size, each in took.items()}


def killed(kills: int, messages: int) -> Toll:
    """The kill test whole, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder, a_postbox(Path(folder)) as postbox:
        return kill_while_sending(postbox, kills, messages, max(1, messages // max(1, kills)))


def main(arguments: list[str]) -> int:
    """Print the figures; 1 when the kill test found anything."""
    parser = argparse.ArgumentParser()
    for name, usual in (("--rounds", 5), ("--messages", 3000), ("--kills", 80)):
        parser.add_argument(name, type=int, default=usual)
    given = parser.parse_args(arguments)
    report = Report("email", ">= 5x of the Django shape; >= 0.15x of smtp-source -s2; nothing lost or doubled")
    if given.rounds:
        _tell(report, measure(given.rounds, given.messages))
    toll = killed(given.kills, given.messages) if given.kills else None
    if toll is not None:
        report.row(
            "killed while it sends", {name: len(v) if isinstance(v, list) else v for name, v in vars(toll).items()}
        )
    report.close()
    return int(toll is not None and bool(toll.doubled or toll.lost or toll.strange or toll.unknown > toll.kills))


def _tell(report: Report, found: dict[str, Any]) -> None:
    report.say(f"{found['octets']} octets a message, outcomes on {found['database']}")
    for name, rate in found["a second"].items():
        report.row(name, {"rate_per_s": rate}, found["messages"])
    for name, ratio in found["ratio"].items():
        report.row(f"hearth, {name}", {"ratio_times": ratio})
    report.growth("sending", list(found["grown"]), list(found["grown"].values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
