"""`hearth publish-rules`: a new version of a round's priority rules, and every application scored by it."""

import os
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from services.applications.cli.people import open_units
from services.applications.config import Config
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.publish_rules import publish_again, publish_rules
from services.applications.use_cases.rescore_round import advance
from services.applications.use_cases.rules_text import read_rules_text
from shared.config import ConfigError
from shared.errors import Conflict, Invalid, NotFound
from shared.unit_of_work import Units

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("publish-rules")
@click.option("--round", "slug", required=True, help="The round's address, such as leading-together-2027.")
@click.option("--rules", "path", type=_INPUT, help="The rules, as YAML or JSON. Without it: those in force again.")
@click.option("--reason", required=True, help="Why. Anybody can read it beside the rules.")
@click.option("--by", default="The operator", show_default=True, help="Who is named as having published it.")
def publish_rules_command(slug: str, path: Path | None, reason: str, by: str) -> None:
    """Publish a version of a round's priority rules, and score every application by it.

    Reads the environment of the applications service, as `python -m services.applications` does. The old scores stay
    in force until all the new ones are worked out, and are kept. If it is stopped, the worker goes on where it was.

    Ends with 0; 1 when the rules or the round will not do or the database cannot be used; 78 when a variable is missing
    or unsafe.
    """
    try:
        units = open_units(Config.from_env(os.environ))
        try:
            _publish(units, slug, path, reason, by)
        finally:
            units.engine.dispose()
    except ConfigError as error:
        _fail(str(error), 78)
    except Invalid as error:
        _fail("\n".join([error.message, *(f"{at}: {' '.join(said)}" for at, said in error.problems.items())]))
    except (NotFound, Conflict) as error:
        _fail(error.message)
    except OperationalError:
        _fail("the database of APPLICATIONS_DATABASE_URL does not answer. Is it running, and is the address right?")


def _publish(units: Units[ApplicationsUnitOfWork], slug: str, path: Path | None, reason: str, by: str) -> None:
    definition = read_rules_text(path.read_text(encoding="utf-8-sig", errors="replace")) if path else None
    with units.begin() as uow:
        row = _begin(uow, slug, definition, reason, by)
        round_id, version = row.round_id, row.rules_version
    while row.state != "done":
        with units.begin() as uow:
            row = advance(uow, round_id, version)
        click.echo(f"{row.done} of {row.total} applications scored by version {version}", err=True)
    click.echo(f"Version {version} is in force.")


def _begin(uow: ApplicationsUnitOfWork, slug: str, definition: dict[str, Any] | None, reason: str, by: str) -> Any:
    round_id = uow.rounds.by_slug(slug).id
    if definition is None:
        return publish_again(uow, round_id, reason, by)
    return publish_rules(uow, round_id, definition, reason, by)


def _fail(text: str, status: int = 1) -> None:
    click.echo(f"hearth publish-rules: {text}", err=True)
    sys.exit(status)
