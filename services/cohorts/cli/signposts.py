"""`hearth signposts`: the directory of help, what is due to be looked at, and as a table for a spreadsheet."""

from datetime import date, datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from services.cohorts.cli.opening import data_option, dry_run_option, working
from services.cohorts.use_cases.keep_signposts import AGAIN, Entry, confirm_signpost, keep_signpost, remove_signpost
from services.cohorts.use_cases.take_in_signposts import TakenIn, export_signposts, take_in_signposts
from shared.spreadsheets import as_csv


@click.group("signposts")
def signposts() -> None:
    """See and keep the directory of places to turn to."""


@signposts.command("list")
@click.option("--due", is_flag=True, help="Only those whose day to be looked at has come.")
@data_option
def listed(due: bool, data: Path | None) -> None:
    """Print each entry's number, day of its next look, "due" or a dash, topic, who keeps it and title, by tabs."""
    with working(data, write=False) as uow:
        today = uow.now.date()
        for row in sorted(uow.signposts.all(), key=lambda row: (row.review_on, row.title)):
            late = row.review_on <= today
            if late or not due:
                cells = (row.id, row.review_on, "due" if late else "-", row.topic, row.owner_name, row.title)
                click.echo("\t".join(map(str, cells)))


@signposts.command("add")
@click.option("--title", required=True)
@click.option("--topic", required=True, help="What it helps with.")
@click.option("--owner", "owner_name", required=True, help="Who keeps the entry.")
@click.option("--about", default="")
@click.option("--link", default="")
@click.option("--phone", default="")
@click.option("--area", default="")
@click.option("--languages", default="")
@click.option("--review-on", type=click.DateTime(["%Y-%m-%d"]), help="Without it: in half a year.")
@data_option
def add(data: Path | None, review_on: datetime | None, **texts: str) -> None:
    """Add an entry; prints its number."""
    with working(data) as uow:
        row = keep_signpost(uow, Entry(**texts, review_on=_day(review_on, uow.now.date())))
    click.echo(f"{row.id}\t{row.title}")


def _day(given: datetime | None, today: date) -> date:
    return given.date() if given else today + AGAIN


@signposts.command("review")
@click.argument("signpost", type=click.UUID)
@data_option
def review(signpost: UUID, data: Path | None) -> None:
    """Say that SIGNPOST was looked at, and is right: the next look is in half a year."""
    with working(data) as uow:
        row = confirm_signpost(uow, signpost, None)
    click.echo(f"Checked. The next look is on {row.review_on}.")


@signposts.command("remove")
@click.argument("signpost", type=click.UUID)
@data_option
def remove(signpost: UUID, data: Path | None) -> None:
    """Take SIGNPOST out of the directory."""
    with working(data) as uow:
        remove_signpost(uow, signpost)
    click.echo("The entry is taken out.")


@signposts.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; else it is printed.")
@data_option
def export(out: Path | None, data: Path | None) -> None:
    """Write the directory as CSV, with who keeps each entry."""
    with working(data, write=False) as uow:
        content = as_csv(*export_signposts(uow))
    if out is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
    else:
        out.write_bytes(content)


@signposts.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@dry_run_option
@data_option
def bring_in(file: TextIO, dry: bool, data: Path | None) -> None:
    """Take in FILE (- for standard input), a CSV as `export` writes it: lines with no id, or no known title, are added.

    A line that cannot be used is told, and ends the command with 1; the others are kept all the same.
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        raise click.ClickException("This is not a text file in UTF-8. Save it as CSV in UTF-8.") from None
    with working(data, keep=not dry) as uow:
        found = take_in_signposts(uow, text)
    _tell(found, dry)
    if found.bad:
        raise SystemExit(1)


def _tell(found: TakenIn, dry: bool) -> None:
    for sign, titles in (("+", found.added), ("~", found.changed)):
        for title in titles:
            click.echo(f"{sign}\t{title}")
    counts = f"{len(found.added)} added, {len(found.changed)} changed, {found.same} as they were."
    click.echo(f"{counts}{' This is a dry run: nothing is kept.' if dry else ''}", err=True)
    for bad in found.bad:
        click.echo(f"Line {bad.line}: {bad.reason}", err=True)
