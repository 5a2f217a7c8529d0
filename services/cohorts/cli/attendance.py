"""`hearth attendance`: who was at a session, by a meeting program's list."""

from pathlib import Path
from typing import TextIO
from uuid import UUID

import click

from services.cohorts.cli.opening import by_option, data_option, dry_run_option, somebody, working
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_attendance import attendance_list
from services.cohorts.use_cases.take_in_attendance import take_in_list


@click.group("attendance")
def attendance() -> None:
    """See who was at a session, and take it from a meeting program's list."""


@attendance.command("show")
@click.argument("session", type=click.UUID)
@data_option
def show(session: UUID, data: Path | None) -> None:
    """Print each person's state, how it is known, minutes, and name, by tabs. A dash is what nobody has said yet."""
    with working(data, write=False) as uow:
        for line in attendance_list(uow, uow.sessions.get(session)):
            known = line.attendance
            minutes = known.minutes if known and known.minutes is not None else "-"
            cells = (known.state, known.source, minutes) if known else ("-", "-", "-")
            click.echo("\t".join(map(str, (*cells, line.person.name if line.person else line.person_id))))


@attendance.command("take-in")
@click.argument("session", type=click.UUID)
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@dry_run_option
@by_option
@data_option
def take_in(session: UUID, file: TextIO, dry: bool, by: str, data: Path | None) -> None:
    """Take in FILE (- for standard input), the CSV of a meeting program: who is on it was there.

    What staff have marked stays. A row that cannot be used is told with its line, and ends the command with 1; the
    others are kept all the same.
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        raise click.ClickException("This is not a text file in UTF-8. Save it as CSV in UTF-8.") from None
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        before = _states(uow, session)
        reading = take_in_list(uow, actor, session, text)
        uow.session.flush()
        after = _states(uow, session)
        for person, (name, state) in after.items():
            was = before[person][1] if person in before else "-"
            if state != was:
                click.echo(f"{was}\t{state}\t{name}")
    click.echo(f"{len(reading.minutes)} people were found in the list.{' Nothing is kept.' if dry else ''}", err=True)
    for problem in reading.problems:
        click.echo(f"Line {problem.line}: {problem.reason}", err=True)
    if reading.problems:
        raise SystemExit(1)


def _states(uow: CohortsUnit, session: UUID) -> dict[UUID, tuple[str, str]]:
    """Name and state of everybody of whom it is known, by person."""
    lines = attendance_list(uow, uow.sessions.get(session))
    return {
        line.person_id: (line.person.name if line.person else str(line.person_id), line.attendance.state)
        for line in lines
        if line.attendance
    }
