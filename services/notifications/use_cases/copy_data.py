"""Give the person who asked what this service holds on them, sealed for their request."""

from uuid import UUID

from services.notifications.storage.personal_data import REGISTER
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import render_message
from services.notifications.use_cases.keep_erased import subject_of
from shared import sealed_parts
from shared.contracts.applications import PersonalDataRequested
from shared.contracts.notifications import PersonalDataGathered
from shared.errors import HearthError
from shared.personal_data import Rows, gather


def copy_data(uow: NotificationsUnitOfWork, event: PersonalDataRequested) -> None:
    """Send everything, each message with its words, in as many pieces as it takes."""
    rows = _worded(uow, gather(uow.session, REGISTER, subject_of(uow, event.person_id)))
    pieces = sealed_parts.seal(rows, event.public_key, f"{event.request_id}/notifications")
    for number, piece in enumerate(pieces, start=1):
        uow.publish(PersonalDataGathered(request_id=event.request_id, part=number, parts=len(pieces), sealed=piece))


def _worded(uow: NotificationsUnitOfWork, rows: Rows) -> Rows:
    messages = {str(row.id): row for row in _all(uow, rows)}
    for found in rows.get("messages", []):
        row = messages.get(found["id"])
        found["subject"], found["text"] = _words(uow, row) if row is not None else ("", "")
    return rows


def _all(uow: NotificationsUnitOfWork, rows: Rows) -> list[MessageRow]:
    return [uow.messages.get(UUID(row["id"])) for row in rows.get("messages", [])]


def _words(uow: NotificationsUnitOfWork, row: MessageRow) -> tuple[str, str]:
    """Subject and text as they were sent; a message whose secret link is gone cannot be put together again."""
    try:
        rendered = render_message(uow, row)
    except HearthError:
        return "", ""
    return rendered.subject, rendered.text
