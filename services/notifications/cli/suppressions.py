"""`hearth suppressions`: addresses that must not be written to."""

from pathlib import Path
from typing import TextIO

import click

from services.notifications.cli.opening import opened
from services.notifications.use_cases.keep_suppressions import import_suppressions, lift_suppression
from shared.errors import HearthError

_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("suppressions")
def suppressions() -> None:
    """See, lift and import addresses that must not be written to."""


@suppressions.command("list")
@_data
def listed(data: Path | None) -> None:
    """Print each address with its reason, separated by tabs."""
    with opened(data) as units, units.begin(write=False) as uow:
        after, limit = "", 500
        while rows := uow.suppressions.listed(uow.now, after=after, limit=limit):
            for row in rows[:limit]:
                click.echo(f"{row.email}\t{row.source}\t{row.since:%Y-%m-%d}\t{row.reason}")
            after = rows[:limit][-1].email


@suppressions.command("lift")
@click.argument("email")
@_data
def lift(email: str, data: Path | None) -> None:
    """Let an address be written to again."""
    with opened(data) as units:
        try:
            with units.begin() as uow:
                lift_suppression(uow, email, None)
        except HearthError as error:
            raise click.ClickException(error.message) from None
    click.echo(f"{email} can be written to again.")


@suppressions.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@_data
def imported(file: TextIO, data: Path | None) -> None:
    """Suppress the addresses in FILE (- for standard input), one a line, or the first column of a CSV."""
    with opened(data) as units, units.begin() as uow:
        found = import_suppressions(uow, file.read(), None)
    click.echo(f"{found.added} added, {found.known} known before.")
    for line in found.wrong[:20]:
        click.echo(f"Not an address: line {line}.", err=True)
    if found.wrong:
        raise SystemExit(1)
