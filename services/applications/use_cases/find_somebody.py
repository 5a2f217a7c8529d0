"""Find whom an operator means: by their address or id; an erasure by its reference, since no name is left."""

from uuid import UUID

from services.applications.domain.references import read_reference
from services.applications.storage.tables import ErasureRow, PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.erasure import erased_with, is_erased
from shared.errors import NotFound


def find_person(uow: ApplicationsUnitOfWork, text: str) -> PersonRow:
    """The person with this address or id.

    Raises:
        NotFound: nobody has it, or whoever had it was erased; the message names the erasure to ask for.
    """
    wanted = text.strip().lower()
    number = _id(wanted)
    person = uow.people.find(number) if number else uow.people.by_email(wanted)
    gone = person.id if person else erased_with(uow.session, wanted)
    if gone is not None and is_erased(uow.session, gone):
        row = uow.erasures.newest_of(gone)
        raise NotFound(f"{text} was erased{f': reference {row.reference}' if row else ''}.", code="erased")
    if person is None:
        raise NotFound(f"Nobody here has the address or id {text}.")
    return person


def find_erasure(uow: ApplicationsUnitOfWork, text: str) -> ErasureRow:
    """The erasure with this reference, or the newest of the person with this address or id; raises NotFound."""
    row = uow.erasures.by_reference(read_reference(text) or "")
    if row is None:
        wanted = text.strip().lower()
        known = uow.people.by_email(wanted)
        number = _id(wanted) or (known.id if known else erased_with(uow.session, wanted))
        row = uow.erasures.newest_of(number) if number else None
    if row is None:
        raise NotFound(f"There is no erasure of {text}: give the reference that it got, an address or an id.")
    return row


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
