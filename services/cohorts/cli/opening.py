"""The service's data for a command: from the environment, or from the data directory of the embedded mode."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from services.cohorts.config import Config
from services.cohorts.domain.links import Links
from services.cohorts.storage.unit_of_work import CohortsUnit, factory
from shared.config import ConfigError
from shared.database import open_engine
from shared.errors import HearthError
from shared.timekeeping import system_clock
from shared.unit_of_work import Units


@contextmanager
def working(data: Path | None, *, write: bool = True) -> Iterator[CohortsUnit]:
    """A unit of work of the cohorts service. What is missing, or cannot be done, ends the command with its sentence."""
    try:
        url, links = _embedded(data) if data else _configured()
    except (ConfigError, OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    units = Units(open_engine(url), system_clock, factory(links), "cohorts")
    try:
        with units.begin(write=write) as uow:
            yield uow
    except HearthError as error:
        raise click.ClickException(" ".join(error.sentences)) from None
    finally:
        units.engine.dispose()


def _configured() -> tuple[str, Links]:
    config = Config.from_env(os.environ)
    return config.database_url, Links(config.public_url, config.secret_key)


def _embedded(data: Path) -> tuple[str, Links]:
    file = data / "cohorts.sqlite3"
    if not file.is_file():
        raise click.ClickException(f"There is no cohorts database in {data}.")
    return f"sqlite:///{file}", Links("http://localhost", json.loads((data / "secrets.json").read_text())["cohorts"])
