"""`hearth sessions`: sessions of cohorts, one by one or a whole programme from a file; moved and called off."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeVar
from uuid import UUID

import click

from services.cohorts.cli.opening import (
    by_option,
    cohort_of,
    data_option,
    dry_run_option,
    round_option,
    somebody,
    working,
)
from services.cohorts.cli.session_files import Wanted, from_options, read_sessions
from services.cohorts.cli.session_people import invite, people, take_off
from services.cohorts.cli.session_words import calendars, joined, told
from services.cohorts.domain.session import JOINING
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.schedule_series import SCOPES, cancel_series, change_series, schedule_series
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import plan_of
from shared.errors import Invalid

_C = TypeVar("_C", bound=Callable[..., Any])
_WORDS = ("title", "purpose", "facilitator", "place", "link", "access-notes")
_scope = click.option(
    "--scope", type=click.Choice(SCOPES), default="one", show_default=True, help="Which sessions of its series."
)


@click.group("sessions")
def sessions() -> None:
    """See, schedule, move and cancel sessions."""


for _command in (people, invite, take_off):
    sessions.add_command(_command)


@sessions.command("list")
@data_option
def listed(data: Path | None) -> None:
    """Print number, wall time, zone, state, how many are on the list, how many wait, and name, by tabs."""
    with working(data, write=False) as uow:
        for round_ in uow.rounds.all():
            cohort = uow.cohorts.of_round(round_.id)
            for row in uow.sessions.of_cohort(cohort.id) if cohort else ():
                on_list, waiting = len(uow.sessions.recipients(row.id)), len(uow.places.waiting(row.id))
                cells = (row.id, row.local_start, row.zone, row.status, on_list, waiting, row.title)
                click.echo("\t".join(map(str, cells)))


def _words(required: bool) -> Callable[[_C], _C]:
    """The options that say what a session is."""

    def add(command: _C) -> _C:
        command = click.option("--fold", type=click.IntRange(0, 1), help="0 or 1, when the time comes twice.")(command)
        command = click.option("--zone", help="Its time zone, such as Europe/London.")(command)
        command = click.option("--minutes", type=int, required=required, help="How long it lasts.")(command)
        command = click.option(
            "--start", required=required, help="Day and time on the wall there, such as 2027-03-02T18:30."
        )(command)
        for name in reversed(_WORDS):
            command = click.option(f"--{name}", required=required and name == "title")(command)
        return command

    return add


@sessions.command("schedule")
@round_option
@_words(required=True)
@click.option("--joining", type=click.Choice(JOINING), help="Whether all are invited, or people sign up.")
@click.option("--capacity", type=int, help="How many places, when people sign up.")
@click.option("--group", help="Only for this group of the cohort.")
@dry_run_option
@by_option
@data_option
def schedule(slug: str, dry: bool, by: str, data: Path | None, **values: Any) -> None:
    """Schedule one session, and invite whoever it is for. It is in the cohort's time zone, unless you name another."""
    _schedule([from_options(values)], slug, dry, by, data)


@sessions.command("series")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@round_option
@dry_run_option
@by_option
@data_option
def series(file: TextIO, slug: str, dry: bool, by: str, data: Path | None) -> None:
    """Schedule all the sessions and series in FILE (- for standard input), in YAML or JSON, or none.

    Each has title, start, minutes, and place or link; more may be said with purpose, facilitator, access_notes, zone,
    joining (invited or sign_up), capacity and group. With count it is a series: every (1), unit (week) and without
    (days that are left out) say how it comes again.
    """
    try:
        text = file.read()
    except UnicodeDecodeError:
        raise click.ClickException("This is not a text file in UTF-8.") from None
    _schedule(read_sessions(text), slug, dry, by, data)


def _schedule(all_wanted: Iterable[Wanted], slug: str, dry: bool, by: str, data: Path | None) -> None:
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        cohort = cohort_of(uow, slug)
        made: list[ProgrammeSession] = []
        for wanted in all_wanted:
            with _placed(wanted.place):
                plan = wanted.plan(uow, cohort)
                if wanted.repeat.count == 1:
                    made.append(schedule_session(uow, actor, cohort.id, plan))
                else:
                    made += schedule_series(uow, actor, cohort.id, plan, wanted.repeat)
        for session in made:
            click.echo(told(uow, session))
        _end(dry, len(made), "scheduled")


@contextmanager
def _placed(place: str) -> Iterator[None]:
    """A problem says where in the file it is, and what it is about."""
    try:
        yield
    except Invalid as error:
        said = [f"{name}: {text}" for name, texts in error.problems.items() for text in texts]
        before = f"{place.capitalize()}, " if place else ""
        raise click.ClickException("\n".join(before + line for line in said)) from None


@sessions.command("move")
@click.argument("session", type=click.UUID)
@_words(required=False)
@_scope
@dry_run_option
@by_option
@data_option
def move(session: UUID, scope: str, dry: bool, by: str, data: Path | None, **values: Any) -> None:
    """Move SESSION, or change what it says: everybody's calendar follows. What you do not name stays.

    With --scope following or all, the others of its series move by as much.
    """
    actor = somebody(by)
    with working(data, keep=not dry) as uow, _placed(""):
        row = uow.sessions.get(session)
        before = calendars(_theirs(uow, row))
        given = {name: value for name, value in values.items() if value is not None}
        as_file = {"title": row.title, "start": row.local_start, "minutes": row.minutes, **given}
        changes = {name: value for name, value in from_options(as_file).values.items() if name in given}
        cleared: dict[str, Any] = {name: "" for name, value in given.items() if value == ""}
        if {"start", "zone"} & set(given):
            changes.setdefault("fold", None)
        moved = change_series(uow, actor, session, replace(plan_of(row), **cleared, **changes), scope, None)
        for each in moved:
            same = before[each.id] == each.calendar_sequence
            click.echo(
                told(uow, each) if not same else f"{told(uow, each, '')}\n  No calendar changes: nobody is told."
            )
        _end(dry, len(moved), "as you say")


def _theirs(uow: CohortsUnit, row: ProgrammeSession) -> list[ProgrammeSession]:
    return uow.sessions.of_series(row.series_id) if row.series_id else [row]


@sessions.command("cancel")
@click.argument("session", type=click.UUID)
@_scope
@dry_run_option
@by_option
@data_option
def cancel(session: UUID, scope: str, dry: bool, by: str, data: Path | None) -> None:
    """Call SESSION off, and others of its series: it leaves everybody's calendar, and they are written to."""
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        gone = cancel_series(uow, actor, session, scope, None)
        for each in gone:
            click.echo(f"{told(uow, each, '')}\n  {joined(uow, each)} told that it is cancelled.")
        _end(dry, len(gone), "cancelled")


def _end(dry: bool, count: int, done: str) -> None:
    """Say in one line what was done, or would have been."""
    sessions = "1 session" if count == 1 else f"{count} sessions"
    would = f"{sessions} would be {done}. This is a dry run: nothing is kept, and nobody is written to."
    click.echo(would if dry else f"{sessions} {'is' if count == 1 else 'are'} {done}.", err=True)
