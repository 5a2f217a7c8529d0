"""Write to somebody at another address, once whoever reads that address has said yes."""

from datetime import timedelta
from uuid import UUID

from services.applications.domain import secrets
from services.applications.storage.tables import EmailChangeRow, PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.erase_person import refuse_erased
from services.applications.use_cases.keep_person import parse_email, tell_state
from shared.contracts.applications import EmailChanged, EmailChangeRequested
from shared.errors import Conflict, Gone, Invalid, TooMany
from shared.ids import new_id

LIFETIME = timedelta(hours=1)
WINDOW = timedelta(days=1)
PER_DAY = 5
_ENDED = "This link has been used or has ended. You can ask for a new one on your account page."


def request_change(uow: ApplicationsUnitOfWork, person_id: UUID, address: str) -> EmailChangeRow:
    """Ask the new address whether it may be written to. Nothing changes before it says yes.

    Raises:
        Invalid: it is no address, or the one they have.
        TooMany: five were asked for within a day.
    """
    person = uow.people.get(person_id, lock=True)
    refuse_erased(uow, person_id)
    email = parse_email(address)
    if email == person.email:
        raise Invalid({"email": ["This is the address that we write to already."]})
    if uow.email_changes.count_since(person_id, uow.now - WINDOW) >= PER_DAY:
        raise TooMany("You have asked several times today. Please try again tomorrow.", retry_after=86_400)
    token = secrets.new_token()
    row = EmailChangeRow(
        id=new_id(),
        person_id=person_id,
        email=email,
        token_hash=secrets.digest(token, salt="email-change"),
        asked_at=uow.now,
        expires_at=uow.now + LIFETIME,
    )
    uow.email_changes.add(row)
    link = f"{uow.context.public_url}/account/email/confirm/{token}"
    uow.publish(
        EmailChangeRequested(person_id=person_id, change_id=row.id, email=email, link=link, expires_at=row.expires_at)
    )
    return row


def confirm_change(
    uow: ApplicationsUnitOfWork, person_id: UUID, token: str, *, session_id: UUID | None = None
) -> PersonRow:
    """Take the new address. Every session but `session_id` ends, and the former address is told.

    Raises:
        Gone: the link was used, has ended, or is somebody else's.
        Conflict: the address has an account of its own by now.
    """
    row = uow.email_changes.by_token(secrets.digest(token, salt="email-change"))
    if row is None or row.person_id != person_id or row.ended_at is not None or uow.now >= row.expires_at:
        raise Gone(_ENDED)
    person = uow.people.get(person_id, lock=True)
    refuse_erased(uow, person_id)
    if uow.people.by_email(row.email) is not None:
        raise Conflict("This address has an account of its own. Please use another one.", code="address-taken")
    row.ended_at, former = uow.now, person.email
    person.email = row.email
    uow.session.flush()
    uow.sessions.end_all(person_id, uow.now, but=session_id)
    tell_state(uow, person)
    uow.publish(EmailChanged(person_id=person_id, change_id=row.id, former_email=former))
    return person
