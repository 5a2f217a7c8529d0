"""`hearth extensions`: more time for one person."""

from pathlib import Path

import click

from services.applications.cli.opening import data_option, dry_run_option, round_option, working
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.extend_deadline import MoreTime, extend_for_address
from services.applications.use_cases.keep_person import parse_email
from shared.errors import Invalid

_STAFF = {"staff", "administrator"}


@click.group("extensions")
def extensions() -> None:
    """See who has more time in a round, and give it."""


@extensions.command("list")
@round_option
@data_option
def listed(slug: str, data: Path | None) -> None:
    """Print each person's own deadline, zone, address and the reason, by tabs."""
    with working(data, write=False) as uow:
        for row, person in uow.extensions.of_round(uow.rounds.by_slug(slug).id):
            click.echo(f"{row.until}\t{row.zone}\t{person.email}\t{' '.join(row.reason.split())}")


@extensions.command("give")
@click.argument("email")
@round_option
@click.option("--until", required=True, help="The last minute, on the wall in the zone: '2027-03-05 23:59'.")
@click.option("--zone", help="Without it: the round's.")
@click.option("--reason", required=True, help="Why. The person reads it.")
@click.option("--by", required=True, help="The address of the member of staff who gives it.")
@dry_run_option
@data_option
def give(
    email: str, slug: str, until: str, zone: str | None, reason: str, by: str, dry: bool, data: Path | None
) -> None:
    """Give EMAIL, who has an account, more time in a round. They are written to."""
    with working(data, keep=not dry) as uow:
        round_ = uow.rounds.by_slug(slug)
        more = MoreTime(until=until.replace("T", " "), zone=zone or round_.zone, reason=reason)
        row = extend_for_address(uow, round_.id, email, more, _staff(uow, by).id)
        said = f"{row.until} ({row.zone})"
    click.echo(f"They would have until {said}. Nothing is kept." if dry else f"They have until {said}, and are told.")


def _staff(uow: ApplicationsUnitOfWork, email: str) -> PersonRow:
    person = uow.people.by_email(parse_email(email))
    if person is None or not _STAFF & set(person.roles):
        raise Invalid({"--by": ["Nobody on the staff has this address."]})
    return person
