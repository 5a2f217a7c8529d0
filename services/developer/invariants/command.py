"""`hearth check-invariants`: for operators after a bad day, and for the fault tests."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from services.applications.storage.bucket import BucketFiles
from services.developer.invariants.checks import Finding, examine
from services.developer.invariants.evidence import SERVICES, Evidence, files_in, letters_in, read
from shared import config
from shared.database import open_engine
from shared.files.bucket import Bucket

SHOWN = 10
_PAUSE = 0.5
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("check-invariants")
@click.option("--data", type=_FOLDER, help="Data directory of the embedded mode.")
@click.option("--applications", metavar="URL", help="Database address of the applications service.")
@click.option("--cohorts", metavar="URL", help="Database address of the cohorts service.")
@click.option("--notifications", metavar="URL", help="Database address of the notifications service.")
@click.option("--mail", type=_FOLDER, help="Folder with all mail that was sent (with --data: the one in it).")
@click.option("--files", metavar="PLACE", help="Folder or s3:// bucket with uploaded files, if they are kept in one.")
@click.option("--unknown", default=0, show_default=True, help="How many messages may have an unknown outcome.")
@click.option("--wait", default=0.0, help="Seconds to look again until all is well: work may still be under way.")
def check_invariants(
    data: Path | None,
    applications: str | None,
    cohorts: str | None,
    notifications: str | None,
    mail: Path | None,
    files: str | None,
    unknown: int,
    wait: float,
) -> None:
    """Check that nothing was lost and nothing happened twice, in the three databases and the mail.

    Every submitted application is scored, copied to cohorts and has exactly one receipt; every event was handled;
    every uploaded file is there and known; nothing waits and nothing was given up. Only reads. Ends with 0 when all is
    well, 1 when something is not.
    """
    urls = _addresses(data) if data else dict(zip(SERVICES, (applications, cohorts, notifications), strict=True))
    engines = {service: _open(service, url) for service, url in urls.items()}
    folder = mail or (data / "mail" if data else None)
    try:
        findings = look(lambda: examine(_read(engines, folder, files), unknown), wait)
    except DBAPIError as error:
        raise click.ClickException(f"a database cannot be read: {type(error.orig).__name__}") from None
    finally:
        for engine in engines.values():
            engine.dispose()
    show(findings)
    sys.exit(1 if any(finding.problems for finding in findings) else 0)


def _read(engines: Mapping[str, Engine], mail: Path | None, files: str | None) -> Evidence:
    # The place is read first: a file that is added meanwhile has its row by then.
    found = _names_of_files(files) if files else None
    return read(engines, letters_in(mail) if mail else None, found)


def _names_of_files(place: str) -> frozenset[str]:
    bucket = Bucket.parse(place, os.environ)
    if bucket is not None:
        return frozenset(BucketFiles(bucket).names(datetime.max.replace(tzinfo=UTC)))
    if not Path(place).is_dir():
        raise click.BadParameter(f"There is no folder or bucket {place!r}.", param_hint="--files")
    return files_in(Path(place))


def look(again: Callable[[], list[Finding]], seconds: float) -> list[Finding]:
    """The findings once nothing is wrong, or those after `seconds`."""
    deadline, findings = time.monotonic() + seconds, again()
    while any(finding.problems for finding in findings) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
        findings = again()
    return findings


def show(findings: list[Finding]) -> None:
    """A line for each check, and the first problems of those that failed."""
    for finding in findings:
        click.echo(f"{'FAILED' if finding.problems else 'ok':<7}{finding.name} ({finding.looked_at} looked at)")
        for problem in finding.problems[:SHOWN]:
            click.echo(f"       {problem}")
        if len(finding.problems) > SHOWN:
            click.echo(f"       and {len(finding.problems) - SHOWN} more")


def _addresses(data: Path) -> Mapping[str, str | None]:
    files = {service: data / f"{service}.sqlite3" for service in SERVICES}
    missing = [file.name for file in files.values() if not file.is_file()]
    if missing:
        raise click.ClickException(f"{data} has no {', '.join(missing)}.")
    return {service: f"sqlite:///{file}" for service, file in files.items()}


def _open(service: str, url: str | None) -> Engine:
    try:
        return open_engine(config.database_url({f"--{service}": url or ""}, f"--{service}"))
    except config.ConfigError as error:
        raise click.UsageError(str(error)) from None
