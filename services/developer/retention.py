"""`hearth retention`: what is kept how long in all three services, what is due, and doing it now."""

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from services.developer.installed import FOLDER, installed
from shared import retention as schedule
from shared.service import Service


@click.command("retention")
@click.option("--do-it", is_flag=True, help="Delete and empty what is due. Without this, nothing changes.")
@click.option("--dry-run", is_flag=True, help="Only say what would go, as is done anyway.")
@click.option("--data", type=FOLDER, help="The data directory of the embedded mode.")
def retention(do_it: bool, dry_run: bool, data: Path | None) -> None:
    """Say what has been kept for its time; with --do-it, delete or empty it.

    The workers do this once a day anyway. Takes the services whose database is named in the environment, or those of a
    data directory. One line for each kind: service, kind, how long it is kept, how much of it is due or gone.
    """
    if do_it and dry_run:
        raise click.UsageError("give --do-it or --dry-run, not both.")
    with installed(data) as (services, _):
        for service in services.values():
            _carry_out(service) if do_it else _look(service)


def _look(service: Service[Any]) -> None:
    with service.units.begin(write=False) as uow:
        for each in schedule.plan(uow, _kinds(service)):
            kept = "without end" if each.days is None else f"{each.days} days"
            click.echo(f"{service.name:<14} {each.kind.name:<20} {kept:<12} {each.due:>7} would go")


def _carry_out(service: Service[Any]) -> None:
    for name, count in schedule.carry_out(service.units, _kinds(service)).items():
        click.echo(f"{service.name:<14} {name:<20} {count:>7} gone")


def _kinds(service: Service[Any]) -> tuple[schedule.Kind, ...]:
    kinds: tuple[schedule.Kind, ...] = import_module(f"services.{service.name}.use_cases.keep_retention").KINDS
    return kinds
