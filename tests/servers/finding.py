"""Where each server comes from, in this order: an address in the environment, a container, a private server from the
installed programs, and, as root on Debian, the distribution's package. Else the test fails and says what to install."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import apt, containers, postgres, rabbit
from tests.servers.processes import CannotStart

ADDRESSES = {
    "postgres": "HEARTH_TEST_POSTGRES_URL",
    "rabbit": "HEARTH_TEST_RABBIT_URL",
    "chromium": "HEARTH_TEST_CHROMIUM",
}
MANAGEMENT = "HEARTH_TEST_RABBIT_MANAGEMENT_URL"
NAMES = {"postgres": "PostgreSQL", "rabbit": "RabbitMQ", "chromium": "Chromium"}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Found:
    """A running server: its addresses, in a word where it came from, and how to end it."""

    addresses: dict[str, str]
    origin: str
    stop: Callable[[], None] = field(default=lambda: None)


def browser_program() -> str | None:
    """The installed Chromium, if there is one."""
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)


def plan(kind: str) -> str:
    """In a few words, where `kind` would come from, without starting anything."""
    if os.environ.get(ADDRESSES[kind]):
        return f"the one {ADDRESSES[kind]} names"
    if kind in containers.IMAGES and containers.engine_answers():
        return f"a container of {containers.IMAGES[kind]} if it can be had"
    program = _program(kind)
    if program:
        return f"{program}" if kind == "chromium" else f"a private server from {program}"
    if apt.possible():
        return f"the Debian package {apt.PACKAGES[kind]}, installed when first needed"
    return f"none here: {apt.advice(kind)} or set {ADDRESSES[kind]}"


def chromium() -> str:
    """Chromium's path, by the same order; CannotStart when there is none."""
    named = os.environ.get(ADDRESSES["chromium"])
    if named:
        if not Path(named).exists():
            raise CannotStart(f"{ADDRESSES['chromium']} names {named}, which does not exist.")
        return named
    _install_if_missing("chromium")
    return browser_program() or _nowhere("chromium")


def start(kind: str, folder: Path) -> Found:
    """Find or start the server of `kind` ("postgres" or "rabbit"), with its files in `folder`; CannotStart if none."""
    named = os.environ.get(ADDRESSES[kind])
    if named:
        return Found(_named(kind, named), f"the one {ADDRESSES[kind]} names")
    if containers.engine_answers() and containers.has_image(kind):
        container, addresses = containers.start(kind)
        return Found(addresses, f"a container of {containers.IMAGES[kind]}", container.stop)
    _install_if_missing(kind)
    program = _program(kind) or _nowhere(kind)
    process = private(kind, folder, Path(program))
    process.create()
    process.start()
    return Found(_addresses(process), f"a private server from {program}", process.discard)


def private(
    kind: str, folder: Path, program: Path | None = None, *, durable: bool = False
) -> postgres.PostgresProcess | rabbit.RabbitProcess:
    """A server of one's own, not yet created, from the installed programs."""
    _install_if_missing(kind)
    program = program or Path(_program(kind) or _nowhere(kind))
    if kind == "postgres":
        return postgres.PostgresProcess(folder, program, durable=durable)
    return rabbit.RabbitProcess(folder, program)


def _addresses(process: postgres.PostgresProcess | rabbit.RabbitProcess) -> dict[str, str]:
    if isinstance(process, rabbit.RabbitProcess):
        return {"url": process.url, "management": process.management}
    return {"url": process.url}


def _named(kind: str, url: str) -> dict[str, str]:
    management = os.environ.get(MANAGEMENT)
    return {"url": url, "management": management} if kind == "rabbit" and management else {"url": url}


def _program(kind: str) -> str | None:
    finders = {"postgres": postgres.find_programs, "rabbit": rabbit.find_program, "chromium": browser_program}
    found = finders[kind]()
    return str(found) if found else None


def _install_if_missing(kind: str) -> None:
    if _program(kind) is None and apt.possible():
        apt.install(kind)


def _nowhere(kind: str) -> str:
    raise CannotStart(f"This test needs {NAMES[kind]}: {apt.advice(kind)}, or set {ADDRESSES[kind]} to its address.")
