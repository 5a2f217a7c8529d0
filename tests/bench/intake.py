"""Applications sent a second by four clients at once, beside pgbench inserting the same rows in as many commits.

The server is a process of its own as in production (waitress, PostgreSQL); a request is the POST that sends a complete
draft: checked, scored, receipted, with its events. Then its latency at half that load, clients sending by the clock.

`python -m tests.bench.intake [seconds [repeats]]`; 5 and 5 without. HEARTH_BENCH_DURABLE=1 measures on a private
PostgreSQL with fsync on, instead of the one that the tests use.
"""

import contextlib
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from shared import migrations
from shared.database import open_engine
from tests.bench.drafts import Round, Waiting
from tests.bench.messaging import database
from tests.bench.reporting import Report
from tests.bench.same_rows import Script, pgbench, script
from tests.processes.process import Process
from tests.processes.settings import settings
from tests.servers import finding
from tests.servers.postgres import Postgres
from tests.servers.processes import free_ports

CLIENTS = 4
GOAL = ">= 0.5x of pgbench's transactions a second; p99 < 100 ms at half that load"
_MOST_PER_S = 700
"""So many drafts are made ready for each second."""


class Client:
    """One connection that stays open, as programs and gateways keep theirs."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def send(self, request: bytes) -> None:
        """Send it and read the whole answer; AssertionError when it is anything but 201."""
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        if not head.startswith(b"HTTP/1.1 201"):
            raise AssertionError(f"nothing was measured: {head!r} {body[:500]!r}")

    def _more(self) -> None:
        got = self._socket.recv(65536)
        if not got:
            raise AssertionError("the server closed the connection: nothing was measured")
        self._rest += got

    def close(self) -> None:
        self._socket.close()


class Load:
    """Clients that share a list of requests; seconds that each of them took."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self._port, self._requests = port, requests
        self._lock = threading.Lock()
        self._next = 0
        self.took: list[float] = []
        self.failures: list[BaseException] = []

    def run(self, seconds: float, per_s: float | None = None) -> float:
        """Send for so long, as fast as it goes or at a rate; answers what was done a second."""
        began = time.perf_counter()
        threads = [threading.Thread(target=self._client, args=(began, seconds, per_s)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failures:
            raise self.failures[0]
        return len(self.took) / (time.perf_counter() - began)

    def _client(self, began: float, seconds: float, per_s: float | None) -> None:
        try:
            client = Client(self._port)
            while (turn := self._turn()) is not None:
                # At a rate, the time is counted from when it should have been sent: waiting in line is part of it.
                start = time.perf_counter() if per_s is None else began + turn / per_s
                if start - began > seconds:
                    break
                time.sleep(max(0.0, start - time.perf_counter()))
                client.send(self._requests[turn])
                self.took.append(time.perf_counter() - start)
            client.close()
        except BaseException as error:
            self.failures.append(error)

    def _turn(self) -> int | None:
        with self._lock:
            turn, self._next = self._next, self._next + 1
        return turn if turn < len(self._requests) else None


class Intake:
    """The service in a process of its own, and the script for pgbench, on one database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self._folder = url, folder
        self.port = free_ports(1)[0]
        engine = open_engine(url)
        migrations.upgrade(engine, "services.applications.storage.migrations")
        engine.dispose()
        databases = {"applications": url, "cohorts": "", "notifications": ""}
        env = settings(f"http://127.0.0.1:{self.port}", databases, "amqp://127.0.0.1", "smtp://127.0.0.1")
        self.env = {**env["applications"], "HEARTH_PROXIES": "0", **_profiled()}
        self._key = self.env["APPLICATIONS_IDENTITY_PRIVATE_KEY"].replace("\\n", "\n")
        self.round = Round(self.env)
        self.process = Process("applications", "web", self.env, self.port, folder / "web.log")

    def requests(self, count: int) -> list[bytes]:
        """So many drafts, and the requests that send them."""
        return [self.request(waiting) for waiting in self.round.drafts(count)]

    def request(self, waiting: Waiting) -> bytes:
        """The request that sends a draft."""
        return waiting.request(self._key, datetime.now(UTC), f"127.0.0.1:{self.port}")

    def start(self) -> Script:
        """Start the server and send some; the script is made of what the last of them wrote."""
        self.process.start()
        self.process.wait_ready()
        waiting = self.round.drafts(50)
        client = Client(self.port)
        for each in waiting:
            client.send(self.request(each))
        client.close()
        engine = self.round.service.units.engine
        return script(engine, self.round.service.metadata, waiting[-1].id)

    def send(self, seconds: float, per_s: float | None = None) -> tuple[float, list[float]]:
        """Applications a second, and the seconds of each."""
        load = Load(self.port, self.requests(round(seconds * (per_s or _MOST_PER_S))))
        rate = load.run(seconds, per_s)
        return rate, sorted(load.took)

    def insert(self, made: Script, seconds: int) -> float:
        """Transactions a second of pgbench."""
        return pgbench(self.url, made.text, self._folder, seconds=seconds, clients=CLIENTS)


def _profiled() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PYTHONPERFSUPPORT",) if name in os.environ}


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[str]:
    if not os.environ.get("HEARTH_BENCH_DURABLE"):
        with database() as url:
            yield url
        return
    server = finding.private("postgres", folder / "postgres", durable=True)
    server.create()
    server.start()
    try:
        yield Postgres(server.url).create()  # type: ignore[union-attr]
    finally:
        server.discard()


def main(seconds: int, repeats: int) -> None:
    """Both in turn, then latency at half the rate."""
    report = Report("intake", GOAL)
    with tempfile.TemporaryDirectory() as name, _database(Path(name)) as url:
        intake = Intake(url, Path(name))
        try:
            made = intake.start()
            _measure(intake, made, report, seconds, repeats)
        finally:
            intake.process.kill()
            intake.round.service.units.engine.dispose()
    report.close()


def _measure(intake: Intake, made: Script, report: Report, seconds: int, repeats: int) -> None:
    with intake.round.service.units.engine.connect() as connection:
        fsync = connection.exec_driver_sql("SHOW fsync").scalar_one()
        report.versions(PostgreSQL=connection.exec_driver_sql("SHOW server_version").scalar_one().split()[0])
    rows = ", ".join(f"{count} {name}" for name, count in made.rows.items())
    report.say(f"one commit each, fsync {fsync}; rows of a request: {rows}")
    sent, inserted = [], []
    for _ in range(repeats):
        sent.append(intake.send(seconds)[0])
        inserted.append(intake.insert(made, seconds))
    rate = median(sent)
    figures = {"hearth_per_s": rate, "pgbench_per_s": median(inserted), "ratio_times": rate / median(inserted)}
    report.row("applications sent, 4 clients", figures)
    took = intake.send(2 * seconds, rate / 2)[1]
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    report.row("at half that load", {"p50_ms": 1000 * p50, "p99_ms": 1000 * p99, "rate_per_s": rate / 2})


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(5, 5)[len(given) :])
