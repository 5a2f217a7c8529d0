"""What is held on a person, of a round, or of one application, in counts."""

from importlib import import_module

import click

from services.applications.use_cases.find_somebody import find_person
from services.applications.use_cases.list_holdings import Held, held_of_application, held_of_round
from services.developer.personal_data.work import Work
from shared.personal_data import Subject, gather

_MEGABYTE = 1024 * 1024


def show_person(work: Work, who: str) -> None:
    """Rows by service and table; raises NotFound."""
    with work.units.begin(write=False) as uow:
        person = find_person(uow, who)
        subject = Subject(person.id, frozenset({person.email}))
        click.echo(f"{person.id}  {person.name} <{person.email}>")
        references = [f"{row.reference} ({row.state})" for row, _ in uow.applications.of_person(person.id)]
        click.echo(f"applications: {', '.join(references) or 'none'}")
    for name, service in work.services.items():
        register = import_module(f"services.{name}.storage.personal_data").REGISTER
        with service.units.begin(write=False) as uow:
            for table, rows in gather(uow.session, register, subject).items():
                click.echo(f"{name:<14} {register.of(table).kind:<14} {table:<24} {len(rows):>7}")


def show_applications(work: Work, slug: str | None, reference: str | None) -> None:
    """Applications, answers, rows and files of a round or an application; raises NotFound."""
    with work.units.begin(write=False) as uow:
        found = held_of_round(uow, slug) if slug else held_of_application(uow, reference or "")
    for line in _lines(found):
        click.echo(line)


def _lines(found: Held) -> list[str]:
    return [
        *(f"applications   {state:<24} {count:>7}" for state, count in found.states.items()),
        *(f"answers        {purpose:<24} {count:>7}" for purpose, count in found.answers.items()),
        *(f"rows           {table:<24} {count:>7}" for table, count in found.tables.items()),
        *(
            f"files          {state:<24} {count:>7} {size / _MEGABYTE:>9.1f} MB"
            for state, (count, size) in found.files.items()
        ),
    ]
