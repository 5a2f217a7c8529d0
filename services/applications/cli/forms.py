"""`hearth form`: a round's form in and out of files, copied from another round, checked, published."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.exc import OperationalError

from services.applications.cli.people import open_units
from services.applications.config import Config
from services.applications.domain.building.editing import Definition, problems_of
from services.applications.domain.building.files import FILE, decode, read_file, write_file
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.build_form import copy_form, open_form, publish_form, replace_form
from shared.config import ConfigError
from shared.errors import HearthError, Invalid

_BY = "the command line"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_T = TypeVar("_T")


@click.group("form")
def form_command() -> None:
    """A round's form: export, import, check, copy, publish.

    All but `check` read the environment of the applications service. They end with 0; with 1 when something is wrong,
    which is said; with 78 when a variable is missing or unsafe.
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
@click.option("--round", "slug", required=True, help="The round's address, such as leading-together-2027.")
@click.option("--format", "kind", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@click.option("--version", type=int, help="A published version; without it, the form being built.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; else it is printed.")
def export(slug: str, kind: str, version: int | None, out: Path | None) -> None:
    """Write a form to a file."""

    def wanted(uow: ApplicationsUnitOfWork) -> Definition:
        round_id = uow.rounds.by_slug(slug).id
        if version is not None:
            return uow.forms.version(round_id, version).definition
        return open_form(uow, round_id).definition

    text = write_file(_do(wanted), kind)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


@form_command.command("import")
@click.option("--round", "slug", required=True, help="The round's address.")
@click.argument("path", type=_FILE)
def bring_in(slug: str, path: Path) -> None:
    """Put the form in a file in place of the one being built. Applicants see it when it is published."""
    definition = _read(path)
    _do(lambda uow: replace_form(uow, uow.rounds.by_slug(slug).id, definition, _BY, revision=None))
    click.echo("Brought in. Publish it when it is ready.")


@form_command.command("copy")
@click.option("--from", "source", required=True, help="The address of the round to copy from.")
@click.option("--to", "target", required=True, help="The address of the round whose form is to be like it.")
def copy(source: str, target: str) -> None:
    """Put a copy of another round's published form in place of the one being built."""

    def step(uow: ApplicationsUnitOfWork) -> None:
        copy_form(uow, uow.rounds.by_slug(target).id, uow.rounds.by_slug(source).id, _BY, revision=None)

    _do(step)
    click.echo("Copied. Publish it when it is ready.")


@form_command.command("publish")
@click.option("--round", "slug", required=True, help="The round's address.")
@click.option("--note", required=True, help="What is different, for colleagues.")
def publish(slug: str, note: str) -> None:
    """Freeze the form being built as the next version."""
    form = _do(lambda uow: publish_form(uow, uow.rounds.by_slug(slug).id, note, _BY))
    click.echo(f"Version {form.version} is published.")


def _do(step: Callable[[ApplicationsUnitOfWork], _T]) -> _T:
    with _said():
        units = open_units(Config.from_env(os.environ))
        try:
            with units.begin() as uow:
                return step(uow)
        finally:
            units.engine.dispose()
    raise AssertionError  # what goes wrong above has ended the program


@contextmanager
def _said() -> Iterator[None]:
    """Whatever goes wrong as a line for people, and a status for programs."""
    try:
        yield
    except ConfigError as error:
        _fail([str(error)], 78)
    except Invalid as error:
        _fail([f"{path}: {text}" for path, texts in error.problems.items() for text in texts])
    except HearthError as error:
        _fail([error.message])
    except OperationalError:
        _fail(["the database of APPLICATIONS_DATABASE_URL does not answer. Is it running, and up to date?"])


def _fail(lines: list[str], status: int = 1) -> None:
    for line in lines:
        click.echo(f"hearth form: {line}", err=True)
    sys.exit(status)
