"""The way back to a draft: a secret address in our emails that works once."""

from uuid import UUID

from services.applications.domain import secrets
from services.applications.storage.tables import ApplicationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import Gone, NotFound

_NONCE_LENGTH = 20
_USED = "This link has been used or replaced. Ask for a new one: it takes a few seconds."


def new_nonce() -> str:
    """What a resume link is made from: another nonce ends the links before it."""
    return secrets.new_token()[:_NONCE_LENGTH]


def resume_link(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> str:
    """The secret address that brings the draft's owner back."""
    return f"{uow.context.public_url}/resume/{row.id}/{_token(uow, row)}"


def _token(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> str:
    return secrets.derived(uow.context.secret_key, "resume", str(row.id), row.resume_nonce)


def claim_resume(uow: ApplicationsUnitOfWork, application_id: UUID, token: str) -> ApplicationRow:
    """Use up a resume link: the application that it opens. Every later email carries a new link.

    Raises:
        Gone: it was used, or is not ours.
    """
    try:
        row = uow.applications.get(application_id, lock=True)
    except NotFound:
        raise Gone(_USED) from None
    if not secrets.matches(token, secrets.digest(_token(uow, row))):
        raise Gone(_USED)
    end_links(row)
    return row


def end_links(row: ApplicationRow) -> None:
    """From now on no link that was sent before opens this application."""
    row.resume_nonce = new_nonce()
