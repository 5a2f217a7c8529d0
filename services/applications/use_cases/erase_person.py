"""Erase somebody in all three services: a saga whose every step is one transaction, and may be repeated.

This service erases and asks the others in the step that starts it; each of them erases and confirms; with the last
confirmation the certificate goes out. Whatever stops in between goes on when it runs again, because the steps hang on
events alone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.applications.domain import secrets
from services.applications.domain.people import needs_second_factor
from services.applications.domain.references import new_reference
from services.applications.storage.personal_data import REGISTER
from services.applications.storage.tables import ConfirmationRow, ErasureRow, PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import forget_files
from services.applications.use_cases.submit_application import withdraw_application
from shared.contracts import cohorts, notifications
from shared.contracts.applications import ErasureCompleted, ErasureRequested
from shared.erasure import erase_leftovers, is_erased, mark_erased
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.personal_data import Subject, erase

SERVICES = ("applications", "cohorts", "notifications")
HELD, RUNNING, DONE, CANCELLED, REFUSED = "held", "running", "done", "cancelled", "refused"
OPEN_CASE, WORKS_HERE = "open_case", "works_here"
_OVER = frozenset({"unsuccessful", "accepted", "declined", "lapsed"})
"""Stages of an application that has run its course here: erasing its owner takes nothing back."""
Confirmed = cohorts.PersonErased | notifications.PersonErased


def request_erasure(
    uow: ApplicationsUnitOfWork, person_id: UUID, *, language: str = "en", by_staff: bool = False
) -> ErasureRow:
    """Erase somebody now, or as soon as nothing holds it. Asked before: the same one again.

    Raises:
        NotFound: there is no such person.
    """
    person = uow.people.get(person_id, lock=True)
    found = uow.erasures.under_way(person_id)
    if found is not None:
        return found
    row = ErasureRow(
        id=new_id(),
        reference=new_reference(),
        person_id=person.id,
        by_staff=by_staff,
        state=HELD,
        holds=_holds(uow, person, by_staff=by_staff),
        reason="",
        language=language,
        asked_at=uow.now,
    )
    uow.erasures.add(row)
    if not row.holds:
        _start(uow, row, person)
    return row


def _holds(uow: ApplicationsUnitOfWork, person: PersonRow, *, by_staff: bool) -> list[str]:
    found = [OPEN_CASE] if uow.erasures.has_open_case(person.id) else []
    if needs_second_factor(frozenset(person.roles)) and not by_staff:
        found.append(WORKS_HERE)
    return found


def look_again(uow: ApplicationsUnitOfWork, person_id: UUID) -> None:
    """Something that held an erasure has ended: start it if nothing else holds it."""
    row = uow.erasures.under_way(person_id)
    if row is None or row.state != HELD:
        return
    row = uow.erasures.get(row.id, lock=True)
    row.holds = [each for each in row.holds if each != OPEN_CASE or uow.erasures.has_open_case(person_id)]
    if not row.holds and row.state == HELD:
        _start(uow, row, uow.people.get(person_id, lock=True))


def agree(uow: ApplicationsUnitOfWork, erasure_id: UUID) -> ErasureRow:
    """Staff agree that somebody who works here may go.

    Raises:
        Conflict: it does not wait for that.
    """
    row = uow.erasures.get(erasure_id, lock=True)
    if row.state != HELD or WORKS_HERE not in row.holds:
        raise Conflict("This erasure does not wait for anybody to agree.")
    row.holds = [each for each in row.holds if each != WORKS_HERE]
    if not row.holds:
        _start(uow, row, uow.people.get(row.person_id, lock=True))
    return row


def refuse(uow: ApplicationsUnitOfWork, erasure_id: UUID, reason: str) -> ErasureRow:
    """Staff refuse an erasure that is held, with a reason that its owner reads.

    Raises:
        Conflict: it is not held, or there is no reason.
    """
    row = uow.erasures.get(erasure_id, lock=True)
    if row.state != HELD:
        raise Conflict("Only an erasure that waits can be refused.")
    if not reason.strip():
        raise Conflict("Write why, in words for the person.")
    row.state, row.reason = REFUSED, reason.strip()
    return row


def cancel(uow: ApplicationsUnitOfWork, person_id: UUID) -> None:
    """Its owner changed their mind while it was held.

    Raises:
        Conflict: there is none that waits.
    """
    row = uow.erasures.under_way(person_id)
    row = uow.erasures.get(row.id, lock=True) if row else None
    if row is None or row.state != HELD:
        raise Conflict("There is nothing to stop any more.")
    row.state = CANCELLED


def _start(uow: ApplicationsUnitOfWork, row: ErasureRow, person: PersonRow) -> None:
    contact = {"email": person.email, "name": person.name, "language": person.language}
    row.contact = uow.context.sealer.seal(contact, f"erasure/{row.id}")
    row.state, row.started_at = RUNNING, uow.now
    _take_back(uow, person.id)
    report = erase_here(uow, person)
    uow.erasures.confirm(
        ConfirmationRow(
            erasure_id=row.id, service=SERVICES[0], at=uow.now, erased=report["erased"], kept=report["kept"]
        )
    )
    uow.publish(ErasureRequested(person_id=person.id, erasure_id=row.id))


def _take_back(uow: ApplicationsUnitOfWork, person_id: UUID) -> None:
    """Applications that are still under way leave it, as when their owner takes them back."""
    for application, _ in uow.applications.of_person(person_id):
        status = uow.applications.status(application.id)
        if application.state == "submitted" and (status is None or status.stage not in _OVER):
            withdraw_application(uow, application.id, person_id)
    uow.session.flush()


def erase_here(uow: ApplicationsUnitOfWork, person: PersonRow) -> dict[str, dict[str, Any]]:
    """Erase what this service holds: counts by kind, and what stays by reason."""
    person_id, address = person.id, person.email
    ids = [application.id for application, _ in uow.applications.of_person(person_id)]
    for application_id in ids:
        forget_files(uow, application_id)
    found = erase(uow.session, REGISTER, Subject(person_id, frozenset({address})))
    uow.erasures.mark_applications(person_id, uow.now)
    uow.people.get(person_id).disabled_at = uow.now
    erase_leftovers(uow.session, person_id, ids)
    mark_erased(uow.session, person_id, [address], uow.now)
    uow.session.flush()
    uow.session.expire_all()
    return {"erased": found.erased, "kept": found.kept}


def keep_confirmation(uow: ApplicationsUnitOfWork, event: Confirmed) -> None:
    """Another service has erased them. When all have, the certificate goes to the address that is forgotten with it."""
    row = uow.erasures.get(event.erasure_id, lock=True)
    service = event.NAME.partition(".")[0]
    uow.erasures.confirm(
        ConfirmationRow(
            erasure_id=row.id, service=service, at=uow.now, erased=dict(event.erased), kept=dict(event.kept)
        )
    )
    if row.state == RUNNING and set(uow.erasures.confirmations(row.id)) >= set(SERVICES):
        _complete(uow, row)


def _complete(uow: ApplicationsUnitOfWork, row: ErasureRow) -> None:
    contact = uow.context.sealer.open(row.contact or "", f"erasure/{row.id}")
    row.state, row.completed_at, row.contact = DONE, uow.now, None
    uow.publish(
        ErasureCompleted(
            erasure_id=row.id,
            email=contact["email"],
            name=contact["name"],
            language=contact["language"],
            reference=row.reference,
            certificate_link=f"{uow.context.public_url}{certificate_path(uow, row)}",
        )
    )


def ask_again(uow: ApplicationsUnitOfWork, erasure_id: UUID) -> ErasureRow:
    """Ask the services that have not confirmed once more: erasing again changes nothing, and they confirm again.

    Raises:
        Conflict: it is not running.
    """
    row = uow.erasures.get(erasure_id, lock=True)
    if row.state != RUNNING:
        raise Conflict("This erasure is not running.")
    row.asked_again_at = uow.now
    uow.publish(ErasureRequested(person_id=row.person_id, erasure_id=row.id))
    return row


@dataclass(frozen=True)
class Progress:
    """An erasure and the services that have confirmed."""

    row: ErasureRow
    confirmations: dict[str, ConfirmationRow]

    @property
    def missing(self) -> list[str]:
        """Services that have not confirmed yet."""
        return [each for each in SERVICES if each not in self.confirmations]


def progress_of(uow: ApplicationsUnitOfWork, row: ErasureRow) -> Progress:
    """How far it is."""
    return Progress(row, uow.erasures.confirmations(row.id))


def certificate_path(uow: ApplicationsUnitOfWork, row: ErasureRow) -> str:
    """The page of its progress and certificate: only who has the link finds it, since there is no account any more."""
    return f"/erasure/{row.id}/{_token(uow, row.id)}"


def open_certificate(uow: ApplicationsUnitOfWork, erasure_id: UUID, token: str) -> Progress:
    """The erasure that a link leads to; raises NotFound for any other link."""
    if not secrets.matches(token, secrets.digest(_token(uow, erasure_id))):
        raise NotFound("This link does not lead anywhere. Please use the whole link from our email.")
    return progress_of(uow, uow.erasures.get(erasure_id))


def _token(uow: ApplicationsUnitOfWork, erasure_id: UUID) -> str:
    return secrets.derived(uow.context.secret_key, "erasure", str(erasure_id))


def refuse_erased(uow: ApplicationsUnitOfWork, person_id: UUID) -> None:
    """Raise NotFound for somebody who was erased: a browser may still hold their identity for some minutes."""
    if is_erased(uow.session, person_id):
        raise NotFound("This account has been erased.")
