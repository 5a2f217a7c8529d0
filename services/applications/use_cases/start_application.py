"""Begin an application, and come back to it."""

from datetime import timedelta
from uuid import UUID

from services.applications.domain import secrets
from services.applications.domain.references import new_reference
from services.applications.domain.rounds import is_open
from services.applications.storage.tables import ApplicationRow, PersonRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import grant_role
from services.applications.use_cases.keep_round import life_of
from shared.contracts.applications import ApplicationStarted
from shared.errors import Conflict, Gone
from shared.ids import new_id

REMINDER_DAYS = (7, 2)
REMINDER = "draft_reminder"


def start_application(
    uow: ApplicationsUnitOfWork, slug: str, person_id: UUID, *, language: str, eligibility: dict[str, object]
) -> ApplicationRow:
    """The person's application to a round, begun if it was not: asking twice gives the same one.

    Raises:
        Conflict: the round does not take applications now.
    """
    round_ = uow.rounds.by_slug(slug)
    # Locked, so that a double click waits here and finds the first click's application.
    person = uow.people.get(person_id, lock=True)
    found = uow.applications.of(round_.id, person.id)
    if found is not None:
        return found
    if not is_open(life_of(round_), uow.now):
        raise Conflict("This round is not taking applications now.", code="round-not-open")
    row = _new(uow, round_, person, language, eligibility)
    uow.applications.add(row)
    grant_role(uow, person.id, "applicant")
    uow.publish(
        ApplicationStarted(
            application_id=row.id,
            round_id=round_.id,
            round_title=round_.title,
            person_id=person.id,
            resume_link=resume_link(uow, row),
            closes_at=round_.closes_at,
            zone=round_.zone,
        )
    )
    schedule_reminders(uow, round_, row)
    return row


def _new(
    uow: ApplicationsUnitOfWork,
    round_: RoundRow,
    person: PersonRow,
    language: str,
    eligibility: dict[str, object],
) -> ApplicationRow:
    return ApplicationRow(
        id=new_id(),
        round_id=round_.id,
        person_id=person.id,
        reference=_free_reference(uow),
        state="draft",
        form_version=round_.form_version,
        language=language,
        answers=dict(eligibility),
        visited=[],
        attributes={},
        breakdown=[],
        resume_nonce=secrets.new_token()[:20],
        started_at=uow.now,
        updated_at=uow.now,
    )


def _free_reference(uow: ApplicationsUnitOfWork) -> str:
    while uow.applications.reference_taken(reference := new_reference()):
        pass
    return reference


def schedule_reminders(uow: ApplicationsUnitOfWork, round_: RoundRow, row: ApplicationRow) -> None:
    """Put the reminders of a draft on the clock: those whose time has not passed."""
    for days in REMINDER_DAYS:
        at = round_.closes_at - timedelta(days=days)
        if at > uow.now:
            payload = {"application_id": str(row.id), "days_left": days}
            uow.schedule(REMINDER, f"{row.id}:{days}", at, payload)


def cancel_reminders(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> None:
    """Take them off again."""
    for days in REMINDER_DAYS:
        uow.cancel(REMINDER, f"{row.id}:{days}")


def resume_link(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> str:
    """The secret address that brings the draft's owner back."""
    return f"{uow.context.public_url}/resume/{row.id}/{_resume_token(uow, row)}"


def _resume_token(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> str:
    return secrets.derived(uow.context.secret_key, "resume", str(row.id), row.resume_nonce)


def claim_resume(uow: ApplicationsUnitOfWork, application_id: UUID, token: str) -> ApplicationRow:
    """Use up a resume link: the application that it opens. Every later email carries a new link.

    Raises:
        Gone: it was used, or is not ours.
    """
    row = uow.applications.get(application_id, lock=True)
    if not _is_right(uow, row, token):
        raise Gone("This link has been used or replaced. Ask for a new one: it takes a few seconds.")
    row.resume_nonce = secrets.new_token()[:20]
    return row


def _is_right(uow: ApplicationsUnitOfWork, row: ApplicationRow, token: str) -> bool:
    return secrets.matches(token, secrets.digest(_resume_token(uow, row)))
