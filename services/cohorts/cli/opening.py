"""The service's data for a command: from the environment, or from the data directory of the embedded mode."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from services.cohorts.config import Config
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.links import Links
from services.cohorts.storage.tables import Cohort, Round
from services.cohorts.storage.unit_of_work import CohortsUnit, factory
from shared.config import ConfigError
from shared.database import open_engine
from shared.errors import Conflict, HearthError, NotFound
from shared.timekeeping import system_clock
from shared.unit_of_work import Units

data_option = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
by_option = click.option("--by", default="a command", show_default=True, help="Who is named as having done it.")
round_option = click.option(
    "--round", "slug", required=True, help="The round's address, such as leading-together-2027."
)
dry_run_option = click.option("--dry-run", "dry", is_flag=True, help="Only say what would happen. Nothing is kept.")


class _Looked(Exception):
    """A dry run has come to its end: what it did is undone."""


@contextmanager
def working(data: Path | None, *, write: bool = True, keep: bool = True) -> Iterator[CohortsUnit]:
    """A unit of work of the cohorts service. What is missing, or cannot be done, ends the command with its sentence.

    With `keep` False it is a dry run: everything is done and checked, and then undone.
    """
    try:
        url, links = _embedded(data) if data else _configured()
    except (ConfigError, OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    units = Units(open_engine(url), system_clock, factory(links), "cohorts")
    try:
        with units.begin(write=write) as uow:
            yield uow
            if not keep:
                raise _Looked
    except _Looked:
        pass
    except HearthError as error:
        raise click.ClickException(" ".join(error.sentences)) from None
    finally:
        units.engine.dispose()


def somebody(name: str) -> Actor:
    """Whom the record names for what a command does. Raises click's error when that is nobody."""
    if not name.strip():
        raise click.BadParameter("Say who does it.", param_hint="--by")
    return Actor(None, name.strip())


def round_called(uow: CohortsUnit, slug: str) -> Round:
    """The round with this address. Raises NotFound, with those that there are."""
    rounds = uow.rounds.all()
    for row in rounds:
        if row.slug == slug:
            return row
    known = ", ".join(row.slug for row in rounds[:10]) or "none"
    raise NotFound(f"There is no round “{slug}”. Those that there are: {known}.")


def cohort_of(uow: CohortsUnit, slug: str) -> Cohort:
    """The cohort of the round with this address. Raises NotFound, and Conflict before decisions are released."""
    cohort = uow.cohorts.of_round(round_called(uow, slug).id)
    if cohort is None:
        raise Conflict("There is a cohort once the round’s decisions are released.")
    return cohort


def _configured() -> tuple[str, Links]:
    config = Config.from_env(os.environ)
    return config.database_url, Links(config.public_url, config.secret_key)


def _embedded(data: Path) -> tuple[str, Links]:
    file = data / "cohorts.sqlite3"
    if not file.is_file():
        raise click.ClickException(f"There is no cohorts database in {data}.")
    return f"sqlite:///{file}", Links("http://localhost", json.loads((data / "secrets.json").read_text())["cohorts"])
