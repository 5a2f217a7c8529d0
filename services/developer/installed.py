"""The services that a command works on: those of the environment, or those of a data directory."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shared.config import ConfigError
from shared.service import Service
from shared.timekeeping import system_clock

if TYPE_CHECKING:
    from services.embedded.assembly import Assembly

VARIABLES = {
    "applications": "APPLICATIONS_DATABASE_URL",
    "cohorts": "COHORTS_DATABASE_URL",
    "notifications": "NOTIFICATIONS_DATABASE_URL",
}
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Misconfigured(click.ClickException):
    """A variable is missing or unsafe: status 78, as when a service is started."""

    exit_code = 78


@contextmanager
def installed(data: Path | None) -> Iterator[tuple[dict[str, Service[Any]], "Assembly | None"]]:
    """The services by name; and, for a data directory, how they are put together.

    Raises Misconfigured for a variable that will not do, and ClickException when no service is named at all.
    """
    assembly = _embedded(data) if data else None
    services = {service.name: service for service in assembly.services} if assembly else _configured()
    if not services:
        raise click.ClickException(f"set one of {', '.join(VARIABLES.values())}, or give --data.")
    try:
        yield services, assembly
    finally:
        for service in services.values():
            service.units.engine.dispose()


def _configured() -> dict[str, Service[Any]]:
    named = [name for name, variable in VARIABLES.items() if os.environ.get(variable)]
    try:
        return {name: import_module(f"services.{name}.app").build_from_env(os.environ) for name in named}
    except ConfigError as error:
        raise Misconfigured(str(error)) from None


def _embedded(data: Path) -> "Assembly":
    from services.embedded.assembly import assemble
    from services.embedded.home import SERVICES, Unusable, open_home

    missing = [f"{name}.sqlite3" for name in SERVICES if not (data / f"{name}.sqlite3").is_file()]
    if missing:
        raise click.ClickException(f"{data} has no {', '.join(missing)}: is it the folder of `hearth demo --data`?")
    try:
        return assemble(open_home(data), "http://localhost", system_clock, demo=True)
    except Unusable as error:
        raise click.ClickException(str(error)) from None
