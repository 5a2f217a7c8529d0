"""`python -m services.<name> web|worker|migrate`: the three processes of a service, configured by the environment."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import OperationalError

from shared import config, logs, migrations
from shared.loading import loading
from shared.oversize import create_server
from shared.service import Service
from shared.worker import run_worker

USAGE = "usage: python -m services.{name} web | worker | migrate"
SERVER: dict[str, Any] = {
    "ident": None,
    # The application itself believes as many of a proxy's headers as HEARTH_PROXIES says, and none by default. Without
    # this, waitress takes them all away, and everybody behind the gateway seems to be one visitor.
    "clear_untrusted_proxy_headers": False,
    # The largest thing that anybody may upload, with room for its form: of more, nothing is kept (shared/oversize.py).
    "max_request_body_size": 32 * 1024 * 1024,
}
DEFAULT_PORTS = {"applications": 8001, "cohorts": 8002, "notifications": 8003}


def main(name: str, build: Callable[[Mapping[str, str]], Service[Any]], arguments: list[str] | None = None) -> int:
    """Run one process of a service; `build` makes the service from environment variables. Returns the exit status.

    A missing or unsafe variable ends it with status 78 (EX_CONFIG) and one line that names it; a database that
    cannot be migrated now, with 75 (EX_TEMPFAIL) and one line that says why.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1 or given[0] not in {"web", "worker", "migrate"}:
        print(USAGE.format(name=name), file=sys.stderr)
        return 64
    try:
        logs.configure(name, config.log_level(os.environ))
        with loading():
            service = build(os.environ)
        if given[0] != "migrate":
            service.check()
        return {"web": web, "worker": worker, "migrate": migrate}[given[0]](service)
    except config.ConfigError as error:
        print(f"hearth: cannot start {name} {given[0]}: {error}", file=sys.stderr)
        return 78


def web(service: Service[Any]) -> int:
    """Serve the pages and the API until SIGTERM."""
    port = config.number(os.environ, "HEARTH_WEB_PORT", DEFAULT_PORTS[service.name], least=1, most=65535)
    threads = config.number(os.environ, "HEARTH_WEB_THREADS", 8, least=1, most=64)
    host = os.environ.get("HEARTH_WEB_HOST", "127.0.0.1")
    server = _listen(service, host, port, threads)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.run()
    return 0


def _listen(service: Service[Any], host: str, port: int, threads: int) -> Any:
    try:
        return create_server(service.web, host=host, port=port, threads=threads, **SERVER)
    except OSError as error:
        raise config.ConfigError(
            "HEARTH_WEB_PORT", f"port {port} on {host} cannot be used: {error.strerror}."
        ) from None
    except ValueError:
        raise config.ConfigError("HEARTH_WEB_HOST", f"should be an address of this machine, not {host!r}.") from None


def worker(service: Service[Any]) -> int:
    """Relay, listen, keep the clock and run the service's loops until SIGTERM."""
    broker = config.broker_url(os.environ)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_worker(service, broker, stop)
    return 0


def migrate(service: Service[Any]) -> int:
    """Bring the service's database up to date."""
    try:
        migrations.upgrade(service.units.engine, service.migrations)
    except OperationalError as error:
        # It is away, or refuses us, or somebody holds a lock that the migration needs: nothing was changed.
        said = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        print(f"hearth: cannot migrate {service.name} now: {said}", file=sys.stderr)
        return 75
    print(f"{service.name}: the database is up to date")
    return 0
