"""`hearth add-person`: an account made by whoever runs the installation. The first member of staff comes this way."""

import os
import sys
from collections.abc import Mapping
from uuid import UUID

import click
from sqlalchemy.exc import OperationalError

from services.applications.cli.opening import MIGRATIONS, NO_ANSWER, NOT_MIGRATED, open_units
from services.applications.config import Config
from services.applications.domain.people import needs_second_factor
from services.applications.use_cases.keep_person import parse_email, register_person
from shared import migrations
from shared.config import ConfigError
from shared.errors import Invalid

ROLES = ("staff", "administrator", "reviewer", "officer", "funder", "applicant")
LANGUAGES = ("en", "cy", "ar", "fa-AF")


class NotMigrated(Exception):
    """The database lacks tables that this version needs."""


@click.command("add-person")
@click.option("--email", required=True, help="Their address: they sign in with a link sent to it.")
@click.option("--name", required=True, help="Their name, as they write it.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given again.")
@click.option("--language", default="en", show_default=True, type=click.Choice(LANGUAGES))
def add_person(email: str, name: str, roles: tuple[str, ...], language: str) -> None:
    """Make somebody's account, or give roles to the account they have; prints its id.

    Reads the environment of the applications service, as `python -m services.applications` does. In a container:

        docker compose run --rm applications-web python -m services add-person --email ... --name ... --role staff

    Ends with 0, 1 when the address or the name will not do or the database cannot be used, and 78 when a variable is
    missing or unsafe.
    """
    try:
        person_id, known = _keep(os.environ, email, name, roles, language)
    except ConfigError as error:
        _fail(str(error), 78)
    except Invalid as error:
        _fail(" ".join(f"--{field}: {said}" for field, all_said in error.problems.items() for said in all_said))
    except OperationalError:
        _fail(NO_ANSWER)
    except NotMigrated:
        _fail(NOT_MIGRATED)
    click.echo(f"{person_id}  {name} <{email}>  {', '.join(roles)}")
    if known:
        click.echo("There was an account with this address: it has these roles now.", err=True)
    if needs_second_factor(frozenset(roles)):
        click.echo("At the first sign-in they set up an authenticator app.", err=True)


def _keep(env: Mapping[str, str], email: str, name: str, roles: tuple[str, ...], language: str) -> tuple[UUID, bool]:
    """The account's id, and whether it was there before. Raises ConfigError, Invalid, NotMigrated, OperationalError."""
    units = open_units(Config.from_env(env))
    try:
        if not migrations.is_current(units.engine, MIGRATIONS):
            raise NotMigrated
        with units.begin() as uow:
            address = parse_email(email)
            if not name.strip():
                raise Invalid({"name": ["Give their name."]})
            known = uow.people.by_email(address) is not None
            person = register_person(uow, email=address, name=name, language=language, roles=list(roles))
            return person.id, known
    finally:
        units.engine.dispose()


def _fail(text: str, status: int = 1) -> None:
    click.echo(f"hearth add-person: {text}", err=True)
    sys.exit(status)
