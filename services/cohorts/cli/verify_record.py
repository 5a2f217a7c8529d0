"""`hearth verify-record`: has anybody changed the decision record?"""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from services.cohorts.domain.record import Verdict
from services.cohorts.storage.repositories.record import Record
from shared.config import ConfigError, database_url
from shared.database import open_engine
from shared.timekeeping import system_clock

CHANGED = 2


@click.command("verify-record")
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
@click.option("--database", help="The cohorts database: sqlite:///path or postgresql://name:password@host/database")
def verify_record_command(data: Path | None, database: str | None) -> None:
    """Walk the decision record and check every seal.

    Exit code 0: whole. 1: it cannot be read. 2: it was changed; the first bad entry is named.
    """
    if (data is None) == (database is None):
        raise click.UsageError("Give either --data or --database.")
    verdict = _verdict(_address(data) if data else str(database))
    if not verdict.whole:
        click.echo(f"Entry {verdict.broken_at}: {verdict.problem}.")
        raise SystemExit(CHANGED)
    click.echo(f"The record is whole: {verdict.entries} entries, and the last seal is {verdict.head}.")


def _address(data: Path) -> str:
    file = data / "cohorts.sqlite3"
    if not file.is_file():
        raise click.ClickException(f"There is no cohorts database in {data}.")
    return f"sqlite:///{file}"


def _verdict(address: str) -> Verdict:
    try:
        url = database_url({"--database": address}, "--database")
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    engine = open_engine(url).execution_options(sqlite_begin="DEFERRED")
    try:
        with Session(engine) as session:
            return Record(session, system_clock()).verify()
    finally:
        engine.dispose()
