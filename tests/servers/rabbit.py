"""RabbitMQ for tests: a private broker from the installed programs, and a fresh virtual host for each test."""

import base64
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import pika

from tests.servers.processes import CannotStart, end, free_ports, give, launch, unprivileged, wait_until

_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
default_user = hearth
default_pass = {password}
log.console = true
log.console.level = warning
log.file = false
raft.wal_max_size_bytes = 33554432
disk_free_limit.absolute = 100MB
"""


def find_program() -> Path | None:
    """RabbitMQ's own start script: Debian's /usr/sbin one insists on one account and one home, so it comes last."""
    places = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server"]
    found = shutil.which("rabbitmq-server")
    for place in [*places, *([found] if found else [])]:
        if Path(place).exists():
            return Path(place)
    return None


class RabbitProcess:
    """A private broker: its own node name, ports, port mapper, cookie and folders, so that it meets no other."""

    def __init__(self, folder: Path, program: Path) -> None:
        self._folder = folder
        self._program = program
        self._account = unprivileged("rabbitmq")
        self._password = secrets.token_urlsafe(16)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._node = f"hearth-{secrets.token_hex(4)}@localhost"
        self._ports: list[int] = []

    @property
    def url(self) -> str:
        """The administrator's AMQP address, of the virtual host `/`."""
        return f"amqp://hearth:{self._password}@127.0.0.1:{self._ports[0]}/%2F"

    @property
    def management(self) -> str:
        """The management API's address, with the account's name and password."""
        return f"http://hearth:{self._password}@127.0.0.1:{self._ports[1]}"

    def create(self) -> None:
        """Make the folders. Once, before the first start."""
        for name in ("home", "mnesia", "log"):
            (self._folder / name).mkdir(parents=True)
        (self._folder / "plugins").write_text("[rabbitmq_management].\n")
        cookie = self._folder / "home" / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)

    def start(self) -> None:
        """Start (or start again, on the same ports) and wait until it takes connections."""
        for attempt in range(3):
            self._ports = self._ports or free_ports(4)
            try:
                return self._start_on_ports()
            except CannotStart:
                self._end(signal.SIGKILL)
                if attempt == 2:
                    raise
                self._ports = []

    def _start_on_ports(self) -> None:
        amqp, management, mapper, _distribution = self._ports
        text = _CONFIG.format(amqp=amqp, management=management, password=self._password)
        (self._folder / "rabbitmq.conf").write_text(text)
        give(self._folder, self._account)
        log = self._folder / "server.log"
        mapper_program = shutil.which("epmd")
        if mapper_program:  # else Erlang starts one itself, which would outlive the broker
            self._processes.append(launch([mapper_program], self._account, self._env, self._folder, log))
            wait_until(lambda: socket.create_connection(("127.0.0.1", mapper), 1).close(), "epmd", seconds=20)
        broker = launch([self._program], self._account, self._env, self._folder, log)
        self._processes.append(broker)
        wait_until(self._answers, f"RabbitMQ (log: {log})", seconds=120, process=broker)

    def _answers(self) -> bool:
        socket.create_connection(("127.0.0.1", self._ports[0]), 2).close()  # pika logs every refusal at length
        pika.BlockingConnection(pika.URLParameters(self.url)).close()
        return Rabbit(self.url, self.management).version() != ""

    def stop(self) -> None:
        """Shut down as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill -9, as a power cut would. `start()` then recovers."""
        wait_until(self._queues_are_registered, "RabbitMQ's register of quorum queues", seconds=10)
        self._end(signal.SIGKILL)

    def discard(self) -> None:
        """End it at once: nothing in it is wanted any more."""
        self._end(signal.SIGKILL)

    def _queues_are_registered(self) -> bool:
        # RabbitMQ 3 notes a new quorum queue in names.dets up to a second after saying "declared". Killed before
        # that, it never finds the queue again: a fault of its own, which no test here is about.
        noted = b"".join(each.read_bytes() for each in self._folder.glob("mnesia/*/quorum/*/names.dets"))
        queues = self._folder.glob("mnesia/*/quorum/*/*/config")
        return all(each.parent.name.encode() in noted for each in queues)

    def _end(self, how: signal.Signals) -> None:
        while self._processes:
            end(self._processes.pop(), how)

    @property
    def _env(self) -> dict[str, str]:
        folder, (_amqp, _management, mapper, distribution) = self._folder, self._ports
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "HOME": f"{folder}/home",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(mapper),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none +sbwtdcpu none +sbwtdio none",
        }


class Rabbit:
    """A broker on which tests make virtual hosts: its AMQP address and its management API's."""

    def __init__(self, url: str, management: str | None = None) -> None:
        self.url = url
        self.management = management or _usual_management(url)

    def create(self) -> str:
        """The AMQP address of a fresh virtual host."""
        name = f"hearth-{secrets.token_hex(6)}"
        self.api("PUT", f"/vhosts/{name}")
        account = quote(urlsplit(self.url).username or "guest", safe="")
        every = {"configure": ".*", "write": ".*", "read": ".*"}
        self.api("PUT", f"/permissions/{name}/{account}", every)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def drop(self, url: str) -> None:
        """Remove a virtual host with everything in it."""
        self.api("DELETE", f"/vhosts/{virtual_host(url)}")

    def queues(self, url: str) -> dict[str, dict[str, object]]:
        """The queues of a virtual host by name, as the management API describes them (counts lag by seconds)."""
        described = self.api("GET", f"/queues/{virtual_host(url)}")
        return {queue["name"]: queue for queue in described}

    def close_connections(self, url: str) -> int:
        """Cut every connection to a virtual host from the broker's side; how many there were."""
        connections: Iterable[dict[str, str]] = self.api("GET", f"/vhosts/{virtual_host(url)}/connections")
        names = [connection["name"] for connection in connections]
        for name in names:
            self.api("DELETE", f"/connections/{quote(name, safe='')}")
        return len(names)

    def version(self) -> str:
        """Such as "3.10.8"."""
        return str(self.api("GET", "/overview")["rabbitmq_version"])

    def api(self, method: str, path: str, body: object = None) -> object:
        """Call the management API: `path` under /api; the decoded answer, or None."""
        parts = urlsplit(self.management)
        request = urllib.request.Request(  # noqa: S310 (an http address that the run itself made)
            f"{parts.scheme}://{parts.hostname}:{parts.port}/api{path}",
            method=method,
            data=json.dumps(body if body is not None else {}).encode() if method in {"PUT", "POST"} else None,
            headers={"Content-Type": "application/json", "Authorization": _basic(parts.username, parts.password)},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None


def virtual_host(url: str) -> str:
    """The virtual host of an AMQP address, still quoted for use in a path."""
    return urlsplit(url).path.removeprefix("/") or "%2F"


def _basic(name: str | None, password: str | None) -> str:
    account = f"{unquote(name or 'guest')}:{unquote(password or 'guest')}"
    return "Basic " + base64.b64encode(account.encode()).decode()


def _usual_management(url: str) -> str:
    parts = urlsplit(url)
    account = f"{parts.username or 'guest'}:{parts.password or 'guest'}"
    return f"http://{account}@{parts.hostname}:15672"
