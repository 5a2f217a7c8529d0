"""The interest list: an address asks to hear, confirms by email, and can leave at any time. It keeps nothing else."""

from datetime import timedelta
from uuid import UUID

from services.applications.domain import secrets
from services.applications.storage.tables import InterestRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import parse_email
from services.applications.use_cases.resume_draft import new_nonce
from shared.contracts.applications import InterestRegistered
from shared.errors import Gone, TooMany
from shared.ids import new_id
from shared.service import Due

CONFIRM_WITHIN = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
WINDOW = timedelta(minutes=15)
PER_NETWORK = 20
FORGET = "interest_unconfirmed"
_ENDED = "This link has ended. You can put yourself on the list again: it takes a few seconds."


def register_interest(uow: ApplicationsUnitOfWork, email: str, *, language: str, network: str) -> None:
    """Ask an address to confirm that it wants to hear from us. What happens looks the same for every address.

    One that is on the list already, or was asked within the hour, is not written to again.

    Raises:
        Invalid: it is no address.
        TooMany: too many from this network.
    """
    address, network_hash = parse_email(email), secrets.digest(network, salt="network")
    if uow.interests.asked_since(network_hash, uow.now - WINDOW) >= PER_NETWORK:
        raise TooMany(
            "Many addresses came from here in a short time. Please wait 15 minutes, then try again.", retry_after=900
        )
    row = uow.interests.by_email(address, lock=True)
    if row is not None and (row.confirmed_at is not None or row.asked_at > uow.now - AGAIN_AFTER):
        return
    if row is None:
        row = InterestRow(id=new_id(), email=address)
        row.language, row.nonce, row.network_hash, row.asked_at = language, new_nonce(), network_hash, uow.now
        uow.interests.add(row)
    row.language, row.nonce, row.network_hash, row.asked_at = language, new_nonce(), network_hash, uow.now
    uow.schedule(FORGET, str(row.id), uow.now + CONFIRM_WITHIN)
    uow.publish(
        InterestRegistered(
            interest_id=row.id,
            email=row.email,
            language=row.language,
            confirm_link=_link(uow, row, "confirm"),
            expires_at=uow.now + CONFIRM_WITHIN,
        )
    )


def _link(uow: ApplicationsUnitOfWork, row: InterestRow, what: str) -> str:
    return f"{uow.context.public_url}/interest/{what}/{row.id}/{_token(uow, row, what)}"


def _token(uow: ApplicationsUnitOfWork, row: InterestRow, what: str) -> str:
    return secrets.derived(uow.context.secret_key, f"interest-{what}", str(row.id), row.nonce)


def leave_link(uow: ApplicationsUnitOfWork, row: InterestRow) -> str:
    """The address at which somebody takes themselves off the list."""
    return _link(uow, row, "leave")


def _claimed(uow: ApplicationsUnitOfWork, interest_id: UUID, token: str, what: str) -> InterestRow | None:
    row = uow.interests.find(interest_id, lock=True)
    if row is None or not secrets.matches(token, secrets.digest(_token(uow, row, what))):
        return None
    return row


def confirm_interest(uow: ApplicationsUnitOfWork, interest_id: UUID, token: str) -> InterestRow:
    """Put an address on the list. Twice is no matter. Raises Gone: the link has ended, or is not ours."""
    row = _claimed(uow, interest_id, token, "confirm")
    if row is None:
        raise Gone(_ENDED)
    row.confirmed_at = row.confirmed_at or uow.now
    uow.cancel(FORGET, str(row.id))
    return row


def leave_list(uow: ApplicationsUnitOfWork, interest_id: UUID, token: str) -> None:
    """Take an address off the list and forget it. One that is not there any more, or a wrong link: nothing happens."""
    row = _claimed(uow, interest_id, token, "leave")
    if row is not None:
        uow.cancel(FORGET, str(row.id))
        uow.interests.remove(row)


def forget_interest(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """Nobody has confirmed in time: the address is deleted."""
    row = uow.interests.find(UUID(due.key), lock=True)
    if row is not None and row.confirmed_at is None:
        uow.interests.remove(row)
