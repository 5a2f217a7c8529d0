"""Hearth as its operators run it: six processes, PostgreSQL with three roles, RabbitMQ, a mail server, a gateway."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from tests.processes import watcher
from tests.processes.accounts import SERVICES, Database, three_databases
from tests.processes.gateway import Gateway
from tests.processes.process import PIDS, Process
from tests.processes.settings import ROOT, settings
from tests.servers.mail import MailCatcher
from tests.servers.postgres import Postgres
from tests.servers.processes import free_ports

NAMES = tuple(f"{service}-{role}" for service in SERVICES for role in ("web", "worker"))


class Processes:
    """`with Processes(...) as site:` migrates and starts all six, and waits until they are ready.

    `folder` gets the logs. Nothing is shared with the test but addresses: all configuration is environment variables.
    """

    def __init__(
        self, databases: Mapping[str, Database], broker_url: str, mail: MailCatcher, folder: Path, **more: str
    ) -> None:
        self.databases = databases
        self.broker_url = broker_url
        self.mail = mail
        self.folder = folder
        self._gateway = Gateway()
        self._watcher: subprocess.Popen[bytes]
        self.url = self._gateway.url
        urls = {service: database.url for service, database in databases.items()}
        self.settings = settings(self.url, urls, broker_url, mail.url)
        for env in self.settings.values():
            env.update(more)
        self.processes = self._make()

    def _make(self) -> dict[str, Process]:
        ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
        self._gateway.ports = {service: ports[f"{service}-web"] for service in SERVICES}
        made = {}
        for name in NAMES:
            service, _, role = name.partition("-")
            made[name] = Process(service, role, self.settings[service], ports[name], self.folder / f"{name}.log")
        return made

    def __enter__(self) -> "Processes":
        self._gateway.start()
        self._watcher = watcher.begin(self.folder / PIDS)
        try:
            self.migrate()
            self.start(*NAMES)
            self.wait_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        for process in self.processes.values():
            if process.running:
                process.kill()
        self._watcher.kill()
        self._watcher.wait()
        self._gateway.stop()

    def migrate(self) -> None:
        """`python -m services.<name> migrate` for all three, side by side."""
        for running in [(service, self._migration(service)) for service in SERVICES]:
            service, process = running
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0, f"{service} migrate ended with {process.returncode}:\n{said}"

    def _migration(self, service: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", f"services.{service}", "migrate"],
            env=self.settings[service],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, *names: str, **changes: str) -> None:
        """Start these; see `wait_ready`."""
        for name in names:
            self.processes[name].start(**changes)

    def kill(self, *names: str) -> None:
        """Kill -9."""
        for name in names:
            self.processes[name].kill()

    def stop(self, *names: str) -> None:
        """SIGTERM, and wait."""
        for name in names:
            self.processes[name].stop()

    def wait_ready(self, *names: str, seconds: float = 60) -> None:
        """Until these (all) say that they are."""
        for name in names or NAMES:
            self.processes[name].wait_ready(seconds)

    def command(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`hearth ...` with a service's environment, as an operator types it in that service's container."""
        return subprocess.run(
            [sys.executable, "-m", "services", *arguments],
            env=self.settings[service],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def add_person(self, email: str, name: str, *roles: str) -> UUID:
        """An account with these roles, made by `hearth add-person`."""
        wanted = [part for role in roles for part in ("--role", role)]
        done = self.command("applications", "add-person", "--email", email, "--name", name, *wanted)
        assert done.returncode == 0, done.stderr
        return UUID(done.stdout.split()[0])

    def tails(self) -> dict[str, str]:
        """The ends of all logs, for a failing test's report."""
        return {name: process.tail() for name, process in self.processes.items() if process.starts}


@contextmanager
def running(
    postgres: Postgres, broker_url: str, folder: Path, *, mail: MailCatcher | None = None, **more: str
) -> Iterator[Processes]:
    """A whole site on these servers, with databases of its own; `more` are environment variables for all six."""
    catcher = mail or MailCatcher()
    if mail is None:
        catcher.start()
    try:
        with three_databases(postgres) as databases, Processes(databases, broker_url, catcher, folder, **more) as site:
            yield site
    finally:
        if mail is None:
            with suppress(OSError):
                catcher.stop()
