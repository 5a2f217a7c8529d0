"""`hearth groups`: people of a cohort who meet on their own."""

from pathlib import Path
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
from services.cohorts.storage.tables import Cohort
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_groups import keep_group, remove_group
from shared.errors import Invalid


@click.group("groups")
def groups() -> None:
    """See, keep and remove the groups of a cohort."""


@groups.command("list")
@round_option
@data_option
def listed(slug: str, data: Path | None) -> None:
    """Print for each member of each group the group's number, its name and the member's name, by tabs."""
    with working(data, write=False) as uow:
        cohort = cohort_of(uow, slug)
        for group in uow.groups.of_cohort(cohort.id):
            names = uow.people.named(uow.groups.members(group.id))
            for name in sorted(person.name for person in names.values()) or ["-"]:
                click.echo(f"{group.id}\t{group.name}\t{name}")


@groups.command("keep")
@click.argument("name")
@click.argument("emails", nargs=-1, metavar="[EMAIL]...")
@round_option
@dry_run_option
@by_option
@data_option
def keep(name: str, emails: tuple[str, ...], slug: str, dry: bool, by: str, data: Path | None) -> None:
    """Make the group NAME of these people, or let the group of that name have these members and no others.

    Who joins is invited to its sessions to come, and who leaves is taken off them.
    """
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        cohort = cohort_of(uow, slug)
        wanted = members(uow, cohort, emails)
        known = [row for row in uow.groups.of_cohort(cohort.id) if row.name.casefold() == name.strip().casefold()]
        before = uow.groups.members(known[0].id) if known else set()
        group = keep_group(uow, actor, cohort.id, name, wanted, known[0].id if known else None)
        number = group.id
    counts = f"{len(wanted - before)} join, {len(before - wanted)} leave, {len(wanted & before)} stay."
    click.echo(f"{counts} This is a dry run: nothing is kept." if dry else f"{number}\t{counts}")


def members(uow: CohortsUnit, cohort: Cohort, emails: tuple[str, ...]) -> set[UUID]:
    """Who has these addresses; raises Invalid naming those that are nobody's in the cohort."""
    people = {p.email.casefold(): p.id for _, p in uow.cohorts.participants(cohort.id) if p is not None}
    if unknown := [email for email in emails if email.strip().casefold() not in people]:
        raise Invalid({"email": [f"Nobody in the cohort has the address “{email}”." for email in unknown]})
    return {people[email.strip().casefold()] for email in emails}


@groups.command("remove")
@click.argument("group", type=click.UUID)
@by_option
@data_option
def remove(group: UUID, by: str, data: Path | None) -> None:
    """Take GROUP away. Its sessions to come are cancelled or given to another group first."""
    with working(data) as uow:
        remove_group(uow, somebody(by), group)
    click.echo("The group is taken away.")
