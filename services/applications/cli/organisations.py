"""`hearth organisations`: the register of organisations, and those that may be one."""

from pathlib import Path
from uuid import UUID

import click

from services.applications.cli.opening import by_option, data_option, named, working
from services.applications.domain.organisations import organisation_key
from services.applications.storage.organisations import PAGE
from services.applications.use_cases import keep_organisations as register


@click.group("organisations")
def organisations() -> None:
    """See the register of organisations, find duplicates, and merge them."""


@organisations.command("list")
@click.option("--find", "words", default="", help="Only those with these letters in one of their names.")
@data_option
def listed(words: str, data: Path | None) -> None:
    """Print each one's number, "offered" to applicants or a dash, and name, by name."""
    with working(data, write=False) as uow:
        after: tuple[str, UUID] | None = None
        while True:
            rows = uow.organisations.listed(organisation_key(words) or words.strip(), after, PAGE)
            for row in rows[:PAGE]:
                click.echo(f"{row.id}\t{'offered' if row.offered else '-'}\t{row.name}")
            if len(rows) <= PAGE:
                return
            after = (rows[PAGE - 1].name.lower(), rows[PAGE - 1].id)


@organisations.command("show")
@click.argument("organisation", type=click.UUID)
@data_option
def show(organisation: UUID, data: Path | None) -> None:
    """Print every name that ORGANISATION goes by, and what was done to it."""
    with working(data, write=False) as uow:
        row = uow.organisations.get(organisation)
        click.echo(row.name)
        for each in uow.organisations.names(row.id):
            if each.name != row.name:
                click.echo(f"  also {each.name}")
        for change in uow.organisations.history(row.id):
            said = ", ".join(f"{name}: {value}" for name, value in change.detail.items() if value)
            click.echo(f"{change.at:%Y-%m-%d %H:%M}\t{change.what}\t{change.by}\t{said}")
        if row.merged_into:
            click.echo(f"It was merged into {row.merged_into}.", err=True)


@organisations.command("duplicates")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@data_option
def duplicates(limit: int, data: Path | None) -> None:
    """Print pairs that may be one, the likeliest first: how alike of 100, both numbers, both names, by tabs."""
    with working(data, write=False) as uow:
        for pair in register.suggestions(uow, limit):
            click.echo(f"{pair.score:.0f}\t{pair.one}\t{pair.other}\t{pair.one_name}\t{pair.other_name}")


@organisations.command("merge")
@click.argument("kept", type=click.UUID)
@click.argument("merged", type=click.UUID)
@click.option("--reason", default="", help="How you know that they are one.")
@by_option
@data_option
def merge(kept: UUID, merged: UUID, reason: str, by: str, data: Path | None) -> None:
    """MERGED becomes KEPT, everywhere: applications and other services call it by that name. Both stay to be read."""
    with working(data) as uow:
        row = register.merge_organisations(uow, kept, merged, named(by), reason=reason)
    click.echo(f"They are one now: {row.name}")


@organisations.command("apart")
@click.argument("one", type=click.UUID)
@click.argument("other", type=click.UUID)
@by_option
@data_option
def apart(one: UUID, other: UUID, by: str, data: Path | None) -> None:
    """ONE and OTHER are not one, however alike their names are: they are not suggested again."""
    with working(data) as uow:
        register.tell_apart(uow, one, other, named(by))
    click.echo("They stay two.")
