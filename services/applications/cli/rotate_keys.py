"""`hearth rotate-keys`: seal every sealed value anew with the first key of APPLICATIONS_FIELD_KEYS."""

import os
import sys

import click
from sqlalchemy.exc import OperationalError

from services.applications.cli.opening import open_units
from services.applications.cli.people import NotMigrated
from services.applications.config import Config
from services.applications.storage.sealing import Sealed, Sealer
from services.applications.use_cases.rotate_keys import BATCH, keys_needed, rotate_keys
from shared.config import ConfigError


@click.command("rotate-keys")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1, 10_000), help="Values a commit.")
@click.option("--check", is_flag=True, help="Only say which keys are in use.")
def rotate(batch: int, check: bool) -> None:
    """Seal every sealed value anew with the newest field key, while the site runs.

    Put the new key first in APPLICATIONS_FIELD_KEYS (`id:base64` of 32 random bytes), keep the old one behind it,
    restart, and run this. Stopped at any moment, it goes on the next time. Then the old key can be taken out.
    Ends with 0, 1 when a value cannot be opened or the database cannot be used, 78 when a variable is missing.
    """
    try:
        config = Config.from_env(os.environ)
        sealer, units = Sealer(config.field_keys), open_units(config)
        if not check:
            done = rotate_keys(units, sealer, _show, batch)
            click.echo(f"{done} values sealed anew with {sealer.newest!r}.")
        with units.begin(write=False) as uow:
            for key, count in sorted(keys_needed(uow).items()):
                click.echo(f"{key}: {count} values{'' if sealer.knows(key) else ' (this key is not configured)'}")
    except ConfigError as error:
        _fail(str(error), 78)
    except Sealed as error:
        _fail(f"{error}. Put the key back into APPLICATIONS_FIELD_KEYS, behind the new one.")
    except (OperationalError, NotMigrated):
        _fail("the database of APPLICATIONS_DATABASE_URL does not answer, or is not up to date.")


def _show(done: int, total: int) -> None:
    click.echo(f"{done} of {total}", err=True)


def _fail(text: str, status: int = 1) -> None:
    click.echo(f"hearth rotate-keys: {text}", err=True)
    sys.exit(status)
