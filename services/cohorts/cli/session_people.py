"""The commands of `hearth sessions` about who is on a session's list."""

from pathlib import Path
from uuid import UUID

import click

from services.cohorts.cli.groups import members
from services.cohorts.cli.opening import by_option, data_option, somebody, working
from services.cohorts.use_cases.schedule_sessions import change_invitation
from services.cohorts.use_cases.see_programme import session_guests


@click.command("people")
@click.argument("session", type=click.UUID)
@data_option
def people(session: UUID, data: Path | None) -> None:
    """Print for everybody in the cohort: "on the list", "waits" with their number, or a dash; address; and name."""
    with working(data, write=False) as uow:
        row = uow.sessions.get(session)
        waiting = [place.person_id for place in uow.places.waiting(row.id)]
        guests = session_guests(uow, row)
        known = uow.people.named(guest.person_id for guest in guests)
        for guest in guests:
            waits = f"waits {waiting.index(guest.person_id) + 1}" if guest.person_id in waiting else "-"
            person = known.get(guest.person_id)
            who = (person.email, person.name) if person else ("-", "-")
            click.echo("\t".join(("on the list" if guest.invited else waits, *who)))


@click.command("invite")
@click.argument("session", type=click.UUID)
@click.argument("email")
@by_option
@data_option
def invite(session: UUID, email: str, by: str, data: Path | None) -> None:
    """Put EMAIL, of the cohort, on the list of SESSION, or on its waiting list when it is full. Only they are told."""
    _change(session, email, by, data, True)
    click.echo("The list is changed. Only this person is written to.")


@click.command("take-off")
@click.argument("session", type=click.UUID)
@click.argument("email")
@by_option
@data_option
def take_off(session: UUID, email: str, by: str, data: Path | None) -> None:
    """Take EMAIL off the list of SESSION: it leaves their calendar."""
    _change(session, email, by, data, False)
    click.echo("The list is changed. Only this person is written to.")


def _change(session: UUID, email: str, by: str, data: Path | None, wanted: bool) -> None:
    with working(data) as uow:
        cohort = uow.cohorts.get(uow.sessions.get(session).cohort_id)
        [person] = members(uow, cohort, (email,))
        change_invitation(uow, somebody(by), session, person, wanted)
