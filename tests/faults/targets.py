"""What a storm rages over: six processes with their servers, or the embedded mode's one."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from services.applications.config import Config
from services.developer.invariants.evidence import Letter, letter, letters_in
from services.embedded.home import Home
from tests.faults.client import API
from tests.processes.process import answers
from tests.processes.settings import ROOT
from tests.processes.site import NAMES, Processes
from tests.servers.processes import free_ports


class Target(Protocol):
    """A running Hearth whose processes can be killed."""

    names: Sequence[str]
    url: str

    def config(self) -> Config:
        """What its applications service is configured with."""

    def database(self, service: str) -> str:
        """The SQLAlchemy address of a service's database."""

    def letters(self) -> list[Letter]:
        """All mail that has arrived."""

    def kill(self, name: str) -> None:
        """Kill -9."""

    def revive(self, name: str) -> None:
        """Start it again and wait until it is ready."""

    def sends(self, name: str) -> bool:
        """Whether this process hands mail over."""


class SixProcesses:
    """PostgreSQL, RabbitMQ, a mail server."""

    names = NAMES

    def __init__(self, site: Processes) -> None:
        self.site = site
        self.url = site.url

    def config(self) -> Config:
        """From the process's own environment."""
        return Config.from_env(self.site.settings["applications"])

    def database(self, service: str) -> str:
        """By the service's own role."""
        return self.site.databases[service].url.replace("postgresql://", "postgresql+psycopg://", 1)

    def letters(self) -> list[Letter]:
        """What the mail server took."""
        return [letter(message, str(message["X-RcptTo"])) for message in list(self.site.mail.messages)]

    def kill(self, name: str) -> None:
        """Kill -9."""
        self.site.kill(name)

    def revive(self, name: str) -> None:
        """Start it again and wait until it is ready."""
        self.site.start(name)
        self.site.wait_ready(name)

    def sends(self, name: str) -> bool:
        """The worker of the notifications service alone."""
        return name == "notifications-worker"


class Demo:
    """`hearth demo` without its sample applications, in a process of its own."""

    names = ("demo",)

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder.with_suffix(".log")
        options = ["--data", str(folder), "--port", str(port), "--applications", "0"]
        self._command = [sys.executable, "-m", "services", "demo", *options]
        self._popen: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Demo":
        self.revive("demo")
        return self

    def __exit__(self, *_: object) -> None:
        if self._popen is not None and self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
            try:
                self._popen.wait(30)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait(10)

    def config(self) -> Config:
        """As services/embedded/assembly.py makes it."""
        secrets = self.home.secrets()
        return Config(
            database_url=self.database("applications"),
            public_url=self.url,
            secret_key=secrets["applications"],
            identity_private_key=secrets["identity_private_key"],
            identity_public_key=secrets["identity_public_key"],
            field_keys={"1": bytes(32)},
        )

    def database(self, service: str) -> str:
        """The SQLite file."""
        return self.home.database_url(service)

    def letters(self) -> list[Letter]:
        """What is in the mail folder."""
        return letters_in(self.home.mail)

    def kill(self, name: str) -> None:
        """Kill -9."""
        assert self._popen is not None
        self._popen.kill()
        self._popen.wait(10)

    def revive(self, name: str) -> None:
        """Start it again and wait until it is ready."""
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                self._command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while not answers(self.url.removeprefix("http://"), f"{API}/rounds"):
            assert self._popen.poll() is None and time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.05)  # another process: there is nothing to be woken by

    def sends(self, name: str) -> bool:
        """The one process does everything."""
        return True
