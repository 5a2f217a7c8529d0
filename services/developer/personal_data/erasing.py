"""Erasing somebody by command: begun, watched, and certified."""

from pathlib import Path

import click

from services.applications.use_cases import erase_person
from services.applications.use_cases.erase_person import DONE, HELD, REFUSED, RUNNING, Progress
from services.applications.use_cases.find_somebody import find_erasure, find_person
from services.applications.web.certificates import certificate_text
from services.developer.personal_data.work import Work
from shared.errors import Conflict

_HOLDS = {
    "open_case": "a review request or complaint of theirs is open; it starts when that is closed",
    "works_here": "they work here, and somebody of the staff has to agree (staff pages, Requests about data)",
}


def start(work: Work, who: str, certificate: Path | None, wait: float, *, sure: bool) -> None:
    """Start it, and wait for the two other services.

    Raises:
        NotFound: nobody has this address or id, or they were erased already.
        Conflict: a certificate is wanted, and it is not done.
    """
    with work.units.begin(write=False) as uow:
        person = find_person(uow, who)
        named = f"{person.name} <{person.email}>"
    if not sure:
        click.confirm(f"Erase {named} in all three services, for good?", abort=True)
    with work.units.begin() as uow:
        person = find_person(uow, who)
        row = erase_person.request_erasure(uow, person.id, language=person.language, by_staff=True)
        reference, state = row.reference, row.state
    if state == RUNNING:
        work.wait_until(lambda uow: find_erasure(uow, reference).state != RUNNING, wait)
    show(work, reference, certificate, again=False)


def show(work: Work, which: str, certificate: Path | None, *, again: bool) -> None:
    """Say how far it is; write the certificate when one is wanted.

    Raises:
        NotFound: there is no such erasure.
        Conflict: a certificate is wanted, and it is not done; or it is asked again for one that does not run.
    """
    with work.units.begin(write=again) as uow:
        row = find_erasure(uow, which)
        if again:
            erase_person.ask_again(uow, row.id)
        progress = erase_person.progress_of(uow, row)
        _say(progress)
        if certificate is not None:
            _write(work, progress, certificate)


def _say(progress: Progress) -> None:
    row = progress.row
    click.echo(f"reference     {row.reference}")
    click.echo(f"state         {row.state}")
    click.echo(f"asked         {row.asked_at:%Y-%m-%d %H:%M} UTC")
    for service in erase_person.SERVICES:
        found = progress.confirmations.get(service)
        click.echo(f"{service:<13} {f'erased {found.at:%Y-%m-%d %H:%M} UTC' if found else 'not confirmed yet'}")
    if row.state == HELD:
        for hold in row.holds:
            click.echo(f"It waits: {_HOLDS.get(hold, hold)}.")
    if row.state == REFUSED:
        click.echo(f"Refused: {row.reason}")


def _write(work: Work, progress: Progress, path: Path) -> None:
    if progress.row.state != DONE:
        said = f" ({', '.join(progress.missing)} have not confirmed)" if progress.row.state == RUNNING else ""
        raise Conflict(f"There is no certificate yet: the erasure is {progress.row.state}{said}.")
    with work.speaking(progress.row.language):
        path.write_text(certificate_text(progress), encoding="utf-8")
    click.echo(f"certificate   {path}")
