"""`hearth messages`: what was sent to whom and what became of it, one more try, a stop, a test, and dry runs."""

from pathlib import Path
from uuid import UUID

import click

from services.notifications.cli.opening import working
from services.notifications.domain.kinds import KINDS
from services.notifications.storage.messages import GROUPS, MessageWish
from services.notifications.storage.tables import MessageRow
from services.notifications.use_cases.choose_messages import set_up
from services.notifications.use_cases.compose_message import render_without_secrets
from services.notifications.use_cases.decide_batch import cancel_message
from services.notifications.use_cases.retry_message import retry_message
from services.notifications.use_cases.see_outcomes import see_outcomes
from services.notifications.use_cases.send_test import send_sample

_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("messages")
def messages() -> None:
    """See what became of messages, and send or stop single ones."""


@messages.command("list")
@click.option("--state", default="", help="Only those in this state, such as sent, bounced or unknown.")
@click.option("--kind", default="", help="Only those of this kind, such as decision_offer.")
@click.option("--find", "words", default="", help="Only those to a name or an address with these letters.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@_data
def listed(state: str, kind: str, words: str, limit: int, data: Path | None) -> None:
    """Print when each was asked for, state, kind, language, address, number and reason, newest first, by tabs."""
    with working(data, write=False) as uow:
        for row in uow.messages.listed(MessageWish(state, kind, words, limit=limit))[:limit]:
            click.echo("\t".join((*_line(row), str(row.id), row.reason)))


def _line(row: MessageRow) -> tuple[str, ...]:
    return f"{row.queued_at:%Y-%m-%d %H:%M}", row.state, row.kind, row.language, row.email


@messages.command("outcomes")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 400))
@_data
def outcomes(days: int, data: Path | None) -> None:
    """Print for each day how many of the messages asked for on it are sent, delivered, bounced, waiting and stopped."""
    with working(data, write=False) as uow:
        found = see_outcomes(uow, days)
    click.echo("\t".join(("day", *GROUPS)))
    for day, counts in [*found.by_day, ("all", found.totals)]:
        click.echo("\t".join((str(day), *(str(counts.get(group, 0)) for group in GROUPS))))
    if found.dry_run:
        click.echo("This is a dry run: nothing leaves.", err=True)


@messages.command("show")
@click.argument("message", type=click.UUID)
@_data
def show(message: UUID, data: Path | None) -> None:
    """Print a message's history and its words. Its reader's own links and codes are replaced by invented ones."""
    with working(data, write=False) as uow:
        row = uow.messages.get(message)
        click.echo("\t".join(_line(row)))
        for note in uow.history.of(row.id):
            click.echo(f"{note.at:%Y-%m-%d %H:%M}\t{note.what}\t{note.reason}")
        rendered = render_without_secrets(uow, row)
        click.echo(f"\n{rendered.subject}\n\n{rendered.text}")


@messages.command("again")
@click.argument("message", type=click.UUID)
@_data
def again(message: UUID, data: Path | None) -> None:
    """Have a message tried once more that was refused, or of which nobody knows. It may then arrive twice."""
    with working(data) as uow:
        retry_message(uow, message)
    click.echo("It is tried again.")


@messages.command("stop")
@click.argument("message", type=click.UUID)
@_data
def stop(message: UUID, data: Path | None) -> None:
    """Stop a message that has not gone."""
    with working(data) as uow:
        cancel_message(uow, message, None)
    click.echo("It is stopped. Nobody gets it.")


@messages.command("test")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("language")
@click.argument("email")
@_data
def test(kind: str, language: str, email: str, data: Path | None) -> None:
    """Send a text with invented values to EMAIL, the address of an account."""
    with working(data) as uow:
        row = send_sample(uow, uow.person_at(email), kind, language)
    click.echo(f"It is on its way: {row.id}")


@messages.command("dry-run")
@click.argument("wanted", type=click.Choice(["on", "off"]))
@_data
def dry_run(wanted: str, data: Path | None) -> None:
    """Make and check every message, and let none leave; or end that. Sign-in links go all the same."""
    with working(data) as uow:
        values = {**uow.settings.get().as_json(), "dry_run": wanted == "on"}
        set_up(uow, values, uow.settings.revision, None)
    click.echo("Nothing leaves now." if wanted == "on" else "Messages go out again.")
