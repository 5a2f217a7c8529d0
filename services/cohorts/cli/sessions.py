"""`hearth sessions`: sessions of cohorts, who was there by a meeting program's list, and calling one off."""

from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from services.cohorts.cli.opening import working
from services.cohorts.domain.actor import Actor
from services.cohorts.use_cases.keep_attendance import attendance_list
from services.cohorts.use_cases.schedule_sessions import cancel_session
from services.cohorts.use_cases.take_in_attendance import read_list, take_in_list

COMMAND = Actor(None, "a command")
_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("sessions")
def sessions() -> None:
    """See sessions, take attendance from a list, and cancel."""


@sessions.command("list")
@_data
def listed(data: Path | None) -> None:
    """Print number, wall time, zone, state, how many are on the list, how many wait, and name, by tabs."""
    with working(data, write=False) as uow:
        for round_ in uow.rounds.all():
            cohort = uow.cohorts.of_round(round_.id)
            for row in uow.sessions.of_cohort(cohort.id) if cohort else ():
                on_list, waiting = len(uow.sessions.recipients(row.id)), len(uow.places.waiting(row.id))
                cells = (row.id, row.local_start, row.zone, row.status, on_list, waiting, row.title)
                click.echo("\t".join(map(str, cells)))


@sessions.command("attendance")
@click.argument("session", type=click.UUID)
@click.argument("file", type=click.File("r", encoding="utf-8-sig"), required=False)
@click.option("--look", is_flag=True, help="Only say what the list would change.")
@_data
def attendance(session: UUID, file: TextIO | None, look: bool, data: Path | None) -> None:
    """Take in FILE (- for standard input), the CSV of a meeting program; without it, print who was there.

    What staff have marked stays. Ends with 1 when a row of the list could not be used; the others are kept.
    """
    problems = _take_in(session, file.read(), look, data) if file else 0
    if not look:
        with working(data, write=False) as uow:
            for line in attendance_list(uow, uow.sessions.get(session)):
                state = line.attendance.state if line.attendance else "-"
                click.echo(f"{state}\t{line.person.name if line.person else line.person_id}")
    if problems:
        raise SystemExit(1)


def _take_in(session: UUID, text: str, look: bool, data: Path | None) -> int:
    with working(data, write=not look) as uow:
        reading = read_list(uow, session, text) if look else take_in_list(uow, COMMAND, session, text)
    click.echo(f"{len(reading.minutes)} people were found in the list.", err=True)
    for problem in reading.problems:
        click.echo(f"Line {problem.line}: {problem.reason}", err=True)
    return len(reading.problems)


@sessions.command("cancel")
@click.argument("session", type=click.UUID)
@_data
def cancel(session: UUID, data: Path | None) -> None:
    """Call a session off: it leaves everybody's calendar, and they are written to."""
    with working(data) as uow:
        cancel_session(uow, COMMAND, session, None)
    click.echo("It is cancelled. Everybody on its list is written to.")
