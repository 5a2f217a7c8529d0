"""`hearth retention`: what is kept how long in all three services, what is due, and doing it now."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from shared import retention as schedule
from shared.service import Service
from shared.timekeeping import system_clock

_VARIABLES = {
    "applications": "APPLICATIONS_DATABASE_URL",
    "cohorts": "COHORTS_DATABASE_URL",
    "notifications": "NOTIFICATIONS_DATABASE_URL",
}


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go; nothing changes.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Of the embedded mode.")
def retention(dry_run: bool, data: Path | None) -> None:
    """Delete or empty what has been kept for its time; with --dry-run, only count it.

    The workers do this once a day anyway. Takes the services whose database is named in the environment, or those of a
    data directory.
    """
    services = _embedded(data) if data else _configured()
    if not services:
        raise click.ClickException(f"set one of {', '.join(_VARIABLES.values())}, or give --data.")
    for service in services:
        kinds = import_module(f"services.{service.name}.use_cases.keep_retention").KINDS
        counts = _due(service, kinds) if dry_run else schedule.carry_out(service.units, kinds)
        for name, count in counts.items():
            click.echo(f"{service.name:<14} {name:<20} {count:>7} {'would go' if dry_run else 'gone'}")


def _due(service: Service[Any], kinds: Any) -> dict[str, int]:
    with service.units.begin(write=False) as uow:
        return {each.kind.name: each.due for each in schedule.plan(uow, kinds)}


def _configured() -> list[Service[Any]]:
    named = [name for name, variable in _VARIABLES.items() if os.environ.get(variable)]
    return [import_module(f"services.{name}.app").build_from_env(os.environ) for name in named]


def _embedded(data: Path) -> list[Service[Any]]:
    from services.embedded.assembly import assemble
    from services.embedded.home import open_home

    return list(assemble(open_home(data), "http://localhost", system_clock, demo=True).services)
