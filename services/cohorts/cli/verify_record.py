"""`hearth verify-record`: has anybody changed the decision record?"""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from services.cohorts.domain.record import Verdict
from services.cohorts.domain.record_file import Unreadable, check
from services.cohorts.storage.repositories.record import Record
from shared.config import ConfigError, database_url
from shared.database import open_engine
from shared.timekeeping import system_clock

CHANGED = 2


@click.command("verify-record")
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
@click.option("--database", help="The cohorts database: sqlite:///path or postgresql://name:password@host/database")
@click.option("--file", type=click.Path(path_type=Path), help="A record that was exported from the Record page.")
def verify_record_command(data: Path | None, database: str | None, file: Path | None) -> None:
    """Walk the decision record and check every seal.

    Exit code 0: whole. 1: it cannot be read. 2: it was changed; the first bad entry is named.
    """
    if sum(given is not None for given in (data, database, file)) != 1:
        raise click.UsageError("Give one of --data, --database and --file.")
    verdict = _of_file(file) if file else _verdict(_address(data) if data else str(database))
    if not verdict.whole:
        click.echo(f"Entry {verdict.broken_at}: {verdict.problem}.")
        raise SystemExit(CHANGED)
    sealed = f" ({verdict.sealed_only} of them as seals alone)" if verdict.sealed_only else ""
    click.echo(f"The record is whole: {verdict.entries} entries{sealed}, and the last seal is {verdict.head}.")


def _of_file(file: Path) -> Verdict:
    try:
        with file.open(encoding="utf-8-sig") as lines:
            return check(lines)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        raise click.ClickException(str(error)) from None


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
