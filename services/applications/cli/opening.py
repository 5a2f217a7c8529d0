"""The service's data for a command: from the environment, or from the data directory of the embedded mode."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from services.applications.config import Config
from services.applications.storage.places import place_for_files
from services.applications.storage.sealing import Sealer
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork, Context
from shared import migrations
from shared.config import ConfigError
from shared.database import open_engine
from shared.errors import HearthError, Invalid
from shared.timekeeping import system_clock
from shared.unit_of_work import Units

MIGRATIONS = "services.applications.storage.migrations"
NO_ANSWER = "the database of APPLICATIONS_DATABASE_URL does not answer. Is it running, and is the address right?"
NOT_MIGRATED = "the database is not up to date. Run `python -m services.applications migrate` first."
data_option = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
by_option = click.option("--by", default="The operator", show_default=True, help="Who is named as having done it.")
round_option = click.option(
    "--round", "slug", required=True, help="The round's address, such as leading-together-2027."
)
dry_run_option = click.option("--dry-run", "dry", is_flag=True, help="Only say what would happen. Nothing is kept.")


class Misconfigured(click.ClickException):
    """A variable is missing or unsafe: status 78, as when the service is started."""

    exit_code = 78


class _Looked(Exception):
    """A dry run has come to its end: what it did is undone."""


@contextmanager
def opened(data: Path | None) -> Iterator[Units[ApplicationsUnitOfWork]]:
    """Units of work of the applications service. What is missing, or cannot be done, ends the command, and is said."""
    try:
        units = _embedded(data) if data else open_units(Config.from_env(os.environ))
    except ConfigError as error:
        raise Misconfigured(str(error)) from None
    except (OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    try:
        if not migrations.is_current(units.engine, MIGRATIONS):
            raise click.ClickException(NOT_MIGRATED)
        yield units
    except Invalid as error:
        said = [f"{name}: {text}" for name, texts in error.problems.items() for text in texts]
        raise click.ClickException("\n".join(said)) from None
    except HearthError as error:
        raise click.ClickException(error.message) from None
    except OperationalError:
        raise click.ClickException(NO_ANSWER) from None
    finally:
        units.engine.dispose()


@contextmanager
def working(data: Path | None, *, write: bool = True, keep: bool = True) -> Iterator[ApplicationsUnitOfWork]:
    """One unit of work, as `opened`. With `keep` False everything is done and checked, and then undone."""
    with opened(data) as units:
        try:
            with units.begin(write=write) as uow:
                yield uow
                if not keep:
                    raise _Looked
        except _Looked:
            pass


def named(by: str) -> str:
    """Who is named as having done it. Raises click's error when that is nobody."""
    if not by.strip():
        raise click.BadParameter("Say who does it.", param_hint="--by")
    return by.strip()


def open_units(config: Config) -> Units[ApplicationsUnitOfWork]:
    """Units of work on the database of a config."""
    files = place_for_files(config.files_folder, config.files_bucket)
    context = Context(config.public_url, config.secret_key, Sealer(config.field_keys), files)
    return _units(config.database_url, context)


def _units(url: str, context: Context) -> Units[ApplicationsUnitOfWork]:
    return Units(
        open_engine(url),
        system_clock,
        lambda session, now, source, cause: ApplicationsUnitOfWork(session, now, source, cause, context),
        "applications",
    )


def _embedded(data: Path) -> Units[ApplicationsUnitOfWork]:
    file = data / "applications.sqlite3"
    if not file.is_file():
        raise click.ClickException(f"There is no applications database in {data}.")
    secrets = json.loads((data / "secrets.json").read_text())
    keys = {name: base64.b64decode(key) for name, key in secrets["field_keys"].items()}
    return _units(f"sqlite:///{file}", Context("http://localhost", secrets["applications"], Sealer(keys)))
