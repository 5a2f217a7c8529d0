"""`hearth bounce < message`: what a mail server pipes the reports into that come back."""

import sys
from pathlib import Path

import click

from services.notifications.cli.opening import opened
from services.notifications.domain.bounces import LONGEST
from services.notifications.use_cases.take_in_report import take_in_report
from shared.errors import Conflict

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps the report and pipes it in again later."""


@click.command("bounce")
@click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")
@click.option(
    "--recipient", "recipients", multiple=True, help="Who the report was delivered to, if it does not say so."
)
def bounce(data: Path | None, recipients: tuple[str, ...]) -> None:
    """Take in a bounce or complaint from standard input.

    Prints what it was. Exit code 0 whatever it was; 75 when the database is away: pipe it in again later.
    """
    octets = sys.stdin.buffer.read(LONGEST + 1)
    with opened(data) as units:
        try:
            with units.begin() as uow:
                found = take_in_report(uow, octets, "command", *recipients)
        except Conflict:
            raise SystemExit(TRY_AGAIN) from None
        except Exception as error:
            click.echo(f"It could not be taken in now ({type(error).__name__}).", err=True)
            raise SystemExit(TRY_AGAIN) from None
    click.echo(found)
