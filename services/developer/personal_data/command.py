"""`hearth personal-data`: for a request that came by letter or telephone, and for looking after what is under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from services.developer.installed import FOLDER, installed
from services.developer.personal_data import copying, erasing, holding
from services.developer.personal_data.work import Work
from shared.errors import HearthError

_OUT = click.Path(dir_okay=False, path_type=Path)
_WHO = "EMAIL-OR-ID"


@click.group("personal-data")
def personal_data() -> None:
    """What is held on somebody: list it, copy it into a zip, erase it in all three services.

    Reads the environment of the services, as they do, or a data directory. Ends with 0; with 1 when something is wrong
    or not done yet, which is said; with 78 when a variable is missing or unsafe.
    """


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--data", type=FOLDER, help="The data directory of the embedded mode.")(command)


def _waiting(command: Callable[..., Any]) -> Callable[..., Any]:
    said = "Seconds to wait for the other services, whose workers must be running."
    return click.option("--wait", default=60.0, show_default=True, type=click.FloatRange(0, 3600), help=said)(command)


@personal_data.command("held")
@click.option("--person", metavar=_WHO, help="Of a person, in every service of the environment.")
@click.option("--round", "slug", help="Of a round, by its address, such as leading-together-2027.")
@click.option("--application", metavar="REFERENCE", help="Of one application or draft.")
@_common
def held(person: str | None, slug: str | None, application: str | None, data: Path | None) -> None:
    """List what is held: counts by kind, and never what it says."""
    given = [each for each in (person, slug, application) if each]
    if len(given) != 1:
        raise click.UsageError("give one of --person, --round and --application.")
    with _working(data) as work:
        if person:
            holding.show_person(work, person)
        else:
            holding.show_applications(work, slug, application)


@personal_data.command("copy")
@click.argument("who", metavar=_WHO)
@click.option("--out", required=True, type=_OUT, help="The zip file to write; it must not be there yet.")
@_waiting
@_common
def copy(who: str, out: Path, wait: float, data: Path | None) -> None:
    """Write everything that is held on somebody into a zip: JSON, a page to read, and their files."""
    with _working(data) as work:
        copying.write_copy(work, who, out, wait)


@personal_data.command("erase")
@click.argument("who", metavar=_WHO)
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@click.option("--certificate", type=_OUT, help="Where to write the certificate when it is done.")
@_waiting
@_common
def erase(who: str, yes: bool, certificate: Path | None, wait: float, data: Path | None) -> None:
    """Erase somebody in all three services, for good. What holds it is said, and it starts when that has ended."""
    with _working(data) as work:
        erasing.start(work, who, certificate, wait, sure=yes)


@personal_data.command("erasure")
@click.argument("which", metavar="REFERENCE")
@click.option("--certificate", type=_OUT, help="Where to write the certificate; fails if it is not done yet.")
@click.option("--again", is_flag=True, help="Ask the services that have not confirmed once more.")
@_common
def erasure(which: str, certificate: Path | None, again: bool, data: Path | None) -> None:
    """Show how far an erasure is, and write its certificate once all three services have confirmed."""
    with _working(data) as work:
        erasing.show(work, which, certificate, again=again)


@contextmanager
def _working(data: Path | None) -> Iterator[Work]:
    """Whatever goes wrong as a line for people and status 1."""
    try:
        with installed(data) as (services, assembly):
            if "applications" not in services:
                raise click.ClickException("APPLICATIONS_DATABASE_URL is not set: people belong to that service.")
            yield Work(services, assembly)
    except HearthError as error:
        raise click.ClickException(error.message) from None
    except DBAPIError as error:
        raise click.ClickException(
            f"a database does not answer or is not up to date: {type(error.orig).__name__}"
        ) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
