"""Our copy of how to reach people."""

from services.notifications.storage.tables import ContactRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.contracts.applications import PersonChanged, PersonRegistered


def keep_contact(uow: NotificationsUnitOfWork, event: PersonRegistered | PersonChanged) -> None:
    """Keep the newest state of a person; an older one that comes late changes nothing."""
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    known = uow.session.get(ContactRow, event.person_id)
    if known is not None and known.sequence >= uow.cause.sequence:
        return
    row = known or ContactRow(person_id=event.person_id)
    row.name, row.email, row.language = event.name, event.email, event.language
    row.sequence, row.roles = uow.cause.sequence, list(event.roles)
    uow.session.add(row)
    uow.session.flush()
