"""Staff let held messages go, at once or at a time, or stop them; and stop single messages that have not gone.

So does an operator's command, where `by` is None.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.notifications.domain.delivery import Verdict
from services.notifications.domain.states import State
from services.notifications.storage.sending_tables import BatchRow
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.conclude_messages import finish
from shared.errors import Conflict, Invalid

CANCELLABLE = frozenset({State.HELD, State.QUEUED, State.DEFERRED})
"""Certainly not with anybody, and not on the way."""
STOPPED = "Staff stopped it."


def release_batch(uow: NotificationsUnitOfWork, batch_id: UUID, by: UUID | None, at: datetime | None = None) -> int:
    """Let a batch go, at `at` if that is given; how many messages. Everything is still checked before each is sent.

    Raises NotFound, Conflict when it was decided before, Invalid for a time that has passed.
    """
    if at is not None and at <= uow.now:
        raise Invalid({"send_at": ["Choose a time to come, or send now."]})
    batch = _held(uow, batch_id)
    batch.send_at = at
    _decide(uow, batch, "released", by)
    return _let_go(uow, uow.batches.messages(batch_id, lock=True), by, at or uow.now)


def _let_go(uow: NotificationsUnitOfWork, rows: Iterable[MessageRow], by: UUID | None, at: datetime) -> int:
    count = 0
    for row in rows:
        if row.state == State.HELD.value:
            # Its days to be tried in begin when it may go, not when it was asked for.
            row.state, row.next_at, row.queued_at = State.QUEUED.value, at, at
            uow.history.note(row.id, "released", uow.now, by=by)
            count += 1
    uow.wake()
    return count


def cancel_batch(uow: NotificationsUnitOfWork, batch_id: UUID, by: UUID | None) -> int:
    """Stop every message of a held batch for good; how many. Raises NotFound, Conflict."""
    batch = _held(uow, batch_id)
    _decide(uow, batch, "cancelled", by)
    rows = [row for row in uow.batches.messages(batch_id, lock=True) if row.state == State.HELD.value]
    for row in rows:
        finish(uow, row, Verdict(State.CANCELLED, reason=STOPPED), by=by)
    return len(rows)


def cancel_message(uow: NotificationsUnitOfWork, message_id: UUID, by: UUID | None) -> MessageRow:
    """Stop a message that has not gone. Raises NotFound, and Conflict when it is on its way, gone, or over."""
    row = uow.messages.get(message_id, lock=True)
    if State(row.state) not in CANCELLABLE:
        raise Conflict(f"A message that is {row.state} cannot be stopped.", code="message-state")
    finish(uow, row, Verdict(State.CANCELLED, reason=STOPPED), by=by)
    return row


def _held(uow: NotificationsUnitOfWork, batch_id: UUID) -> BatchRow:
    batch = uow.batches.get(batch_id, lock=True)
    if batch.state != "held":
        raise Conflict(f"This batch was {batch.state} before.", code="batch-decided")
    return batch


def _decide(uow: NotificationsUnitOfWork, batch: BatchRow, state: str, by: UUID | None) -> None:
    batch.state, batch.decided_at, batch.decided_by = state, uow.now, by
