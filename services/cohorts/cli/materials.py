"""`hearth materials`: what a session's people can download or open."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from services.cohorts.cli.opening import by_option, data_option, somebody, working
from services.cohorts.domain.material import LARGEST, TOO_LARGE
from services.cohorts.use_cases.share_materials import remove_material, share_material

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("materials")
def materials() -> None:
    """See, share and withdraw the materials of a session."""


@materials.command("list")
@click.argument("session", type=click.UUID)
@data_option
def listed(session: UUID, data: Path | None) -> None:
    """Print each material's number, when it is shown, size in bytes, title, and link or file name, by tabs."""
    with working(data, write=False) as uow:
        for row in uow.materials.of_session(uow.sessions.get(session).id):
            shown = f"{row.release_at:%Y-%m-%dT%H:%M+00:00}" if row.release_at else "at once"
            click.echo("\t".join(map(str, (row.id, shown, row.size, row.title, row.link or row.filename))))


@materials.command("share")
@click.argument("session", type=click.UUID)
@click.argument("title")
@click.option("--link", default="", help="A web address.")
@click.option("--file", "path", type=_FILE, help="A file of up to 10 MB. What is in it says what it is.")
@click.option("--from", "moment", help="When it is first shown, on the wall where the session is: 2027-03-02T18:30.")
@by_option
@data_option
def share(
    session: UUID, title: str, link: str, path: Path | None, moment: str | None, by: str, data: Path | None
) -> None:
    """Share a link or a file, under TITLE, with whoever is invited to SESSION."""
    actor, file = somebody(by), _content(path) if path else None
    with working(data) as uow:
        at = _moment(moment, uow.sessions.get(session).zone) if moment else None
        row = share_material(uow, actor, session, title=title, link=link, file=file, release_at=at)
    click.echo(f"{row.id}\t{row.link or row.filename}")


def _content(path: Path) -> tuple[str, bytes]:
    """A file's name and content; one that is too large is not read at all."""
    if path.stat().st_size > LARGEST:
        raise click.ClickException(TOO_LARGE)
    return path.name, path.read_bytes()


def _moment(text: str, zone: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("Write a day and a time, such as 2027-03-02T18:30.", param_hint="--from") from None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


@materials.command("withdraw")
@click.argument("material", type=click.UUID)
@data_option
def withdraw(material: UUID, data: Path | None) -> None:
    """Take MATERIAL away, with its file."""
    with working(data) as uow:
        remove_material(uow, material)
    click.echo("It is taken away.")
