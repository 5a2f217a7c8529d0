"""PostgreSQL for tests: a private server from the installed programs, and fresh databases on whichever server it is."""

import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.servers.processes import CannotStart, end, free_ports, give, launch, run, unprivileged, wait_until

SQLALCHEMY = "postgresql+psycopg://"

# For tests that do not ask for durability: nothing is worth keeping, so nothing waits for the disk.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_ALWAYS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "timezone=UTC")


def plain(url: str) -> str:
    """The same address as psycopg and libpq take it: postgresql://..."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def on(url: str, database: str) -> str:
    """The same server and account, another database."""
    parts = urlsplit(plain(url))
    return SQLALCHEMY + urlunsplit(parts._replace(path=f"/{database}")).removeprefix("postgresql://")


def find_programs() -> Path | None:
    """The folder with `initdb` and `postgres`: Debian's newest, or wherever `initdb` on the PATH leads."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def version(programs: Path) -> str:
    """Such as "15.18"."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True).stdout
    match = re.search(r"\d+(\.\d+)*", said)
    return match[0] if match else "?"


class PostgresProcess:
    """A private server on a free loopback port, in a folder of its own. `durable` keeps fsync on."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._programs = programs
        self._account = unprivileged("postgres")
        self._settings = _ALWAYS if durable else (*_ALWAYS, *_FAST)
        self._process: subprocess.Popen[bytes] | None = None
        self._env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": str(folder)}
        self.port = 0
        self._password = secrets.token_urlsafe(16)

    @property
    def url(self) -> str:
        """The administrator's address, of the database `postgres`."""
        return f"{SQLALCHEMY}hearth:{self._password}@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make the data folder. Once, before the first start."""
        self._folder.mkdir(mode=0o700, parents=True)
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        give(self._folder, self._account)
        initdb = [self._programs / "initdb", "-D", self._data, "-U", "hearth", f"--pwfile={password_file}"]
        options = ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        run([*initdb, *options], self._account, self._env, self._folder)

    def start(self) -> None:
        """Start (or start again, on the same port) and wait until it answers."""
        for attempt in range(3):
            self.port = self.port or free_ports(1)[0]
            try:
                return self._start_on_port()
            except CannotStart:
                self._end(signal.SIGKILL)
                if attempt == 2:
                    raise
                self.port = 0

    def _start_on_port(self) -> None:
        settings = [part for each in (*self._settings, f"port={self.port}") for part in ("-c", each)]
        argv = [self._programs / "postgres", "-D", self._data, *settings]
        self._process = launch(argv, self._account, self._env, self._folder, self._folder / "server.log")
        wait_until(self._answers, f"PostgreSQL (log: {self._folder}/server.log)", process=self._process)

    def _answers(self) -> None:
        psycopg.connect(plain(self.url), connect_timeout=2).close()

    def stop(self) -> None:
        """Shut down as an operator would: sessions are ended, everything is written."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill -9, as a power cut would. `start()` then recovers."""
        self._end(signal.SIGKILL)

    def discard(self) -> None:
        """End it at once: nothing in it is wanted any more."""
        self._end(signal.SIGQUIT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            end(self._process, how)
            self._process = None

    @property
    def _data(self) -> Path:
        return self._folder / "data"


class Postgres:
    """A server on which tests make databases, given the address of an account that may create them."""

    def __init__(self, url: str) -> None:
        self.url = on(url, urlsplit(plain(url)).path.strip("/") or "postgres")

    def create(self, template: str = "template0") -> str:
        """A fresh database, as a SQLAlchemy address; a copy of database `template` if one is named."""
        name = f"hearth_{secrets.token_hex(6)}"
        self._make(name, template)
        return on(self.url, name)

    def create_template(self, name: str, prepare: Callable[[str], object]) -> None:
        """Make database `name` and let `prepare(url)` fill it, to be copied by `create(name)`."""
        self._make(name, "template0")
        prepare(on(self.url, name))
        self._end_sessions(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = urlsplit(plain(url)).path.strip("/")
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def version(self) -> str:
        """Such as "15.18"."""
        with psycopg.connect(plain(self.url), connect_timeout=5) as connection:
            return str(connection.execute("SHOW server_version").fetchone()[0]).split()[0]

    def _make(self, name: str, template: str) -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def _end_sessions(self, name: str) -> None:
        self._execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    def _execute(self, statement: sql.Composable | str, values: tuple[object, ...] = ()) -> None:
        with psycopg.connect(plain(self.url), autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement, values or None)
