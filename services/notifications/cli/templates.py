"""`hearth templates`: the texts of messages as files, for those who keep or translate them elsewhere."""

from pathlib import Path
from typing import TextIO

import click

from services.notifications.cli.opening import opened
from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.source import parse_source, written
from services.notifications.use_cases.edit_template import checked, publish_version, standing
from shared.errors import HearthError, Invalid

_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("templates")
def templates() -> None:
    """See, check and publish the texts of messages."""


@templates.command("list")
@_data
def listed(data: Path | None) -> None:
    """Print kind, language and number of the version in use (0: the text that Hearth ships), separated by tabs."""
    with opened(data) as units, units.begin(write=False) as uow:
        for kind in KINDS:
            for code in LANGUAGES:
                now = standing(uow, kind, code)
                if now.source:
                    click.echo(f"{kind}\t{code}\t{now.number}\t{'shipped' if now.shipped else 'own'}")


@templates.command("show")
@click.argument("kind")
@click.argument("language")
@_data
def show(kind: str, language: str, data: Path | None) -> None:
    """Print the text in use as a file that `publish` takes."""
    with opened(data) as units, units.begin(write=False) as uow:
        try:
            source = standing(uow, kind, language).source
        except HearthError as error:
            raise click.ClickException(error.message) from None
    if source is None:
        raise click.ClickException("There is no text in this language yet.")
    click.echo(written(source), nl=False)


@templates.command("check")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def check(file: TextIO) -> None:
    """Say what is wrong with a text, if anything. Nothing is published."""
    try:
        published = checked(parse_source(file.read()))
    except Invalid as error:
        raise click.ClickException(_problems(error)) from None
    click.echo(f"{published.kind} in {published.language} can be published.")


@templates.command("publish")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@click.option("--note", required=True, help="What is different, in a few words.")
@click.option("--over", required=True, type=int, help="The version that it takes the place of, as `list` shows it.")
@_data
def publish(file: TextIO, note: str, over: int, data: Path | None) -> None:
    """Publish a text: messages are made from it from now on."""
    with opened(data) as units:
        try:
            with units.begin() as uow:
                number = publish_version(uow, parse_source(file.read()), note, None, over=over).number
        except Invalid as error:
            raise click.ClickException(_problems(error)) from None
        except HearthError as error:
            raise click.ClickException(error.message) from None
    click.echo(f"Version {number} is in use.")


def _problems(error: Invalid) -> str:
    return "\n".join(f"{where}: {text}" for where, texts in error.problems.items() for text in texts)
