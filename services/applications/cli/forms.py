"""`hearth form`: a round's form in and out of files, copied from another round, checked, published."""

import sys
from pathlib import Path

import click

from services.applications.cli.opening import by_option, data_option, named, round_option, working
from services.applications.domain.building.editing import Definition, problems_of
from services.applications.domain.building.files import FILE, decode, read_file, write_file
from services.applications.use_cases.build_form import copy_form, open_form, publish_form, replace_form
from shared.errors import Invalid

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("form")
def form_command() -> None:
    """A round's form: export, import, check, copy, publish.

    All but `check` read the environment of the applications service, or take --data. They end with 0; with 1 when
    something is wrong, which is said; with 78 when a variable is missing or unsafe.
    """


@form_command.command("check")
@click.argument("path", type=_FILE)
def check(path: Path) -> None:
    """Say what is wrong with a form in a YAML or JSON file, with its lines. Needs no database."""
    definition = _read(path)
    questions = sum(len(section.get("questions", [])) for section in definition["sections"])
    click.echo(f"{path.name}: {len(definition['sections'])} sections, {questions} questions. Nothing is wrong.")


def _read(path: Path) -> Definition:
    try:
        found = read_file(decode(path.read_bytes()))
        lines = found.located(problems_of(found.definition))
    except Invalid as error:
        lines = error.problems[FILE]
    if lines:
        for line in lines:
            click.echo(f"{path.name}: {line}", err=True)
        sys.exit(1)
    definition: Definition = found.definition
    return definition


@form_command.command("export")
@round_option
@click.option("--format", "kind", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option("--version", type=int, help="A published version; without it, the form being built.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; else it is printed.")
@data_option
def export(slug: str, kind: str, version: int | None, out: Path | None, data: Path | None) -> None:
    """Write a form to a file."""
    with working(data) as uow:
        round_id = uow.rounds.by_slug(slug).id
        found = open_form(uow, round_id) if version is None else uow.forms.version(round_id, version)
        text = write_file(found.definition, kind)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@form_command.command("import")
@round_option
@click.argument("path", type=_FILE)
@by_option
@data_option
def bring_in(slug: str, path: Path, by: str, data: Path | None) -> None:
    """Put the form in a file in place of the one being built. Applicants see it when it is published."""
    definition = _read(path)
    with working(data) as uow:
        replace_form(uow, uow.rounds.by_slug(slug).id, definition, named(by), revision=None)
    click.echo("Brought in. Publish it when it is ready.")


@form_command.command("copy")
@click.option("--from", "source", required=True, help="The address of the round to copy from.")
@click.option("--to", "target", required=True, help="The address of the round whose form is to be like it.")
@by_option
@data_option
def copy(source: str, target: str, by: str, data: Path | None) -> None:
    """Put a copy of another round's published form in place of the one being built."""
    with working(data) as uow:
        copy_form(uow, uow.rounds.by_slug(target).id, uow.rounds.by_slug(source).id, named(by), revision=None)
    click.echo("Copied. Publish it when it is ready.")


@form_command.command("publish")
@round_option
@click.option("--note", required=True, help="What is different, for colleagues.")
@by_option
@data_option
def publish(slug: str, note: str, by: str, data: Path | None) -> None:
    """Freeze the form being built as the next version."""
    with working(data) as uow:
        version = publish_form(uow, uow.rounds.by_slug(slug).id, note, named(by)).version
    click.echo(f"Version {version} is published.")
