"""`dead-letters list | show | replay | drop`: for operators, on the files of the embedded mode or on any database."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import Engine, inspect

from shared.contracts.registry import PUBLISHERS
from shared.database import open_engine
from shared.errors import NotFound
from shared.messaging import dead_letters
from shared.timekeeping import system_clock


@click.group("dead-letters")
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
@click.option("--database", multiple=True, help="Database address of a service; may be given several times.")
@click.pass_context
def group(context: click.Context, data: Path | None, database: tuple[str, ...]) -> None:
    """Events that could not be handled, and due rows that keep failing: read, replay or drop them.

    Texts are never shown. A replay is done by the service's worker (or the running embedded mode), within a second or
    when it next starts.
    """
    if bool(data) == bool(database):
        raise click.UsageError("Give either --data or --database.")
    context.obj = _addresses(data) if data else list(database)


@group.command("list")
@click.option("--listener", help="Only those of one service.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_letters(addresses: list[str], listener: str | None, as_json: bool) -> None:
    """List them, oldest first."""
    letters = [letter for engine in _engines(addresses) for letter in dead_letters.list_letters(engine, listener)]
    for letter in letters:
        if as_json:
            click.echo(json.dumps(dead_letters.described(letter)))
        else:
            asked = " (replay asked for)" if letter.replay_requested else ""
            click.echo(
                f"{letter.id}  {letter.since:%Y-%m-%d %H:%M}  {letter.listener}  {letter.type}  {letter.subject}"
            )
            click.echo(f"    {letter.attempts} attempts{asked}: {letter.reason}")
    if not letters and not as_json:
        click.echo("There are no dead letters.")


@group.command()
@click.argument("id", type=click.UUID)
@click.pass_obj
def show(addresses: list[str], id: UUID) -> None:
    """Show one with its history; its texts are masked."""
    with _holding(addresses, id) as engine:
        click.echo(json.dumps(dead_letters.show(engine, id), indent=2))


@group.command()
@click.argument("ids", type=click.UUID, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every one of them.")
@click.pass_obj
def replay(addresses: list[str], ids: tuple[UUID, ...], everything: bool) -> None:
    """Try them again, once, after the cause is mended. What fails again stays, with the new reason."""
    if bool(ids) == everything:
        raise click.UsageError("Give identifiers or --all.")
    count = 0
    for engine in _engines(addresses):
        chosen = [letter.id for letter in dead_letters.list_letters(engine)] if everything else list(ids)
        count += dead_letters.request_replay(engine, chosen, system_clock())
    if ids and count < len(set(ids)):
        raise click.ClickException(f"Only {count} of them were found.")
    click.echo(f"{count} will be tried again by the service's worker.")


@group.command()
@click.argument("id", type=click.UUID)
@click.option("--reason", required=True, help="Why it may be forgotten; goes to the log.")
@click.pass_obj
def drop(addresses: list[str], id: UUID, reason: str) -> None:
    """Remove one for good."""
    with _holding(addresses, id) as engine:
        letter = dead_letters.drop(engine, id, reason)
    click.echo(f"Dropped {letter.type} for {letter.listener}.")


def _addresses(data: Path) -> list[str]:
    files = [data / f"{name}.sqlite3" for name in PUBLISHERS]
    found = [file for file in files if file.exists()]
    if not found:
        raise click.ClickException(f"There are no databases of Hearth in {data}.")
    return [f"sqlite:///{file}" for file in found]


def _engines(addresses: list[str]) -> Iterator[Engine]:
    for address in addresses:
        engine = open_engine(_sqlalchemy(address))
        try:
            if inspect(engine).has_table("dead_letters"):
                yield engine
        finally:
            engine.dispose()


def _sqlalchemy(address: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if address.startswith(prefix):
            return "postgresql+psycopg://" + address.removeprefix(prefix)
    return address


@contextmanager
def _holding(addresses: list[str], id: UUID) -> Iterator[Engine]:
    """The database that holds the letter."""
    for engine in _engines(addresses):
        try:
            dead_letters.show(engine, id)
        except NotFound:
            continue
        yield engine
        return
    raise click.ClickException("There is no such dead letter.")


if __name__ == "__main__":
    sys.exit(group())
