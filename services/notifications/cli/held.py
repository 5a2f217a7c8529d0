"""`hearth held`: batches of messages that wait for a look; read every one, let them go, or stop them."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from services.notifications.cli.opening import working
from services.notifications.domain.states import State
from services.notifications.use_cases.compose_message import render_without_secrets
from services.notifications.use_cases.decide_batch import cancel_batch, release_batch

_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("held")
def held() -> None:
    """Look at messages that are held, and decide about them."""


@held.command("list")
@_data
def listed(data: Path | None) -> None:
    """Print each batch's number, state, kind, how many messages it has and how many are held, newest first, by tabs."""
    with working(data, write=False) as uow:
        for row, total, waiting in uow.batches.listed():
            click.echo(f"{row.id}\t{row.state}\t{row.kind}\t{total}\t{waiting}")


@held.command("look")
@click.argument("batch", type=click.UUID)
@_data
def look(batch: UUID, data: Path | None) -> None:
    """Print every held message of a batch, word for word but for its reader's own links and codes."""
    with working(data, write=False) as uow:
        rows = uow.batches.messages(uow.batches.get(batch).id)
        for row in rows:
            if row.state == State.HELD.value:
                rendered = render_without_secrets(uow, row)
                click.echo(f"To: {row.name} <{row.email}> ({row.language})\nSubject: {rendered.subject}\n")
                click.echo(f"{rendered.text}\n{'-' * 72}")


@held.command("release")
@click.argument("batch", type=click.UUID)
@click.option("--at", "moment", help="When, with its offset, such as 2027-03-02T09:00+00:00. Without it: now.")
@_data
def release(batch: UUID, moment: str | None, data: Path | None) -> None:
    """Let a batch go, now or at a time."""
    at = _moment(moment) if moment else None
    with working(data) as uow:
        count = release_batch(uow, batch, None, at)
    click.echo(f"{count} messages go out {'at that time' if at else 'now'}.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter("Give a day, a time and its offset, such as 2027-03-02T09:00+00:00.")
    return found


@held.command("stop")
@click.argument("batch", type=click.UUID)
@_data
def stop(batch: UUID, data: Path | None) -> None:
    """Stop every message of a batch for good."""
    with working(data) as uow:
        count = cancel_batch(uow, batch, None)
    click.echo(f"{count} messages are stopped. Nobody gets them.")
