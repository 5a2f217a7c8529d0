"""`hearth welcome-pack`: a cohort's welcome pack in each language, in and out of files."""

from pathlib import Path
from typing import TextIO

import click

from services.cohorts.cli.opening import (
    by_option,
    cohort_of,
    data_option,
    dry_run_option,
    round_option,
    somebody,
    working,
)
from services.cohorts.use_cases.keep_welcome_pack import LANGUAGES, draft_pack, publish_pack, readers
from shared.errors import NotFound

_language = click.option("--language", required=True, type=click.Choice(LANGUAGES))


@click.group("welcome-pack")
def welcome_pack() -> None:
    """See a cohort's welcome pack, who has read it, and publish a new version."""


@welcome_pack.command("list")
@round_option
@data_option
def listed(slug: str, data: Path | None) -> None:
    """Print for each language that has one: the newest version, since when it is published or "draft", by whom."""
    with working(data, write=False) as uow:
        cohort = cohort_of(uow, slug)
        for language in LANGUAGES:
            row = uow.welcome.newest(cohort.id, language)
            if row:
                since = f"{row.published_at:%Y-%m-%d}" if row.published_at else "draft"
                click.echo(f"{language}\t{row.version}\t{since}\t{row.published_by_name or '-'}")


@welcome_pack.command("show")
@round_option
@_language
@data_option
def show(slug: str, language: str, data: Path | None) -> None:
    """Print the text that is published in a language, in Markdown."""
    with working(data, write=False) as uow:
        row = uow.welcome.published(cohort_of(uow, slug).id, language)
        if row is None:
            raise NotFound("No welcome pack is published in this language yet.")
        click.echo(row.body)


@welcome_pack.command("readers")
@round_option
@data_option
def read_by(slug: str, data: Path | None) -> None:
    """Print of each participant the version that they said they have read, and their name."""
    with working(data, write=False) as uow:
        for reader in readers(uow, cohort_of(uow, slug).id):
            click.echo(f"{reader.version or '-'}\t{reader.name}")


@welcome_pack.command("publish")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@round_option
@_language
@dry_run_option
@by_option
@data_option
def publish(file: TextIO, slug: str, language: str, dry: bool, by: str, data: Path | None) -> None:
    """Publish the Markdown in FILE (- for standard input) as the next version in a language.

    A version that is published never changes. One that is only a draft is replaced.
    """
    try:
        body = file.read()
    except UnicodeDecodeError:
        raise click.ClickException("This is not a text file in UTF-8.") from None
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        cohort = cohort_of(uow, slug)
        pack = publish_pack(uow, actor, draft_pack(uow, actor, cohort.id, language, body, None).id, None)
        version, people = pack.version, uow.cohorts.size(cohort.id)
    who = "1 participant sees" if people == 1 else f"{people} participants see"
    click.echo(
        f"Version {version} would be published. This is a dry run: nothing is kept."
        if dry
        else f"Version {version} is published: {who} it, each in their language or else in English."
    )
