"""The service for a command: from the environment, or from the data directory of the embedded mode."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from services.notifications.config import Bounces, Config, Mailbox
from services.notifications.storage.opening import open_units
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.config import ConfigError
from shared.errors import HearthError
from shared.timekeeping import system_clock
from shared.unit_of_work import Units


@contextmanager
def opened(data: Path | None) -> Iterator[Units[NotificationsUnitOfWork]]:
    """Units of work of the notifications service. Raises click's errors for what is missing or wrong."""
    try:
        units = open_units(_embedded(data) if data else Config.from_env(os.environ), system_clock)
    except (ConfigError, OSError, KeyError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    try:
        yield units
    finally:
        units.engine.dispose()


@contextmanager
def working(data: Path | None, *, write: bool = True) -> Iterator[NotificationsUnitOfWork]:
    """A unit of work; what cannot be done ends the command with its sentences."""
    with opened(data) as units:
        try:
            with units.begin(write=write) as uow:
                yield uow
        except HearthError as error:
            raise click.ClickException(" ".join(error.sentences)) from None


def _embedded(data: Path) -> Config:
    file = data / "notifications.sqlite3"
    if not file.is_file():
        raise click.ClickException(f"There is no notifications database in {data}.")
    secrets = json.loads((data / "secrets.json").read_text())
    sender = os.environ.get("NOTIFICATIONS_BOUNCE_ADDRESS", "")
    return Config(
        database_url=f"sqlite:///{file}",
        public_url="http://localhost",
        secret_key=secrets["notifications"],
        identity_public_key=secrets["identity_public_key"],
        mailer=f"folder:{data / 'mail'}",
        sender=Mailbox("", sender or "hearth@localhost.example"),
        bounces=Bounces(sender),
    )
