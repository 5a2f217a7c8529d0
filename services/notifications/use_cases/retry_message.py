"""Staff ask for one more try."""

from uuid import UUID

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.errors import Conflict

RETRYABLE = frozenset({State.FAILED, State.UNKNOWN, State.DEFERRED})
"""Refused for good, nobody knows, or waiting for its next try."""


def retry_message(uow: NotificationsUnitOfWork, message_id: UUID, by: UUID | None = None) -> MessageRow:
    """Have a message sent again now. Everything is checked again before it goes: an expired one stops then.

    One whose outcome nobody knows may arrive twice: whoever asks for it has decided that this is better than never.

    Raises:
        NotFound: there is no such message.
        Conflict: it is on its way, was sent, or must never go again.
    """
    row = uow.messages.get(message_id, lock=True)
    if State(row.state) not in RETRYABLE:
        raise Conflict(f"A message that is {row.state} cannot be sent again.", code="message-state")
    if row.state == State.FAILED.value:
        row.state = State.QUEUED.value
    row.next_at, row.finished_at, row.reason = uow.now, None, ""
    uow.history.note(row.id, "retried", uow.now, by=by)
    uow.wake()
    return row
