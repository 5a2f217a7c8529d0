"""What became of messages: the outcome of each attempt, and what a sender that died left behind."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notifications.domain.bounces import Kind
from services.notifications.domain.delivery import Attempted, Verdict, after, unknown_retry_at
from services.notifications.domain.outcomes import Outcome, Result
from services.notifications.domain.states import State
from services.notifications.storage.personal_data import ERASED
from services.notifications.storage.suppressions import Suppression
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.secrets_in_messages import FORGOTTEN, NOT_KEPT_WHOLE, without_secrets
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver
from shared.logs import redact

_FAILURES = (
    State.FAILED, State.BOUNCED, State.COMPLAINED, State.SUPPRESSED, State.EXPIRED, State.UNKNOWN, State.CANCELLED,
    State.REHEARSED,
)  # fmt: skip
_OVER = (State.SENT, State.SUPPRESSED, State.EXPIRED, State.SUPERSEDED, State.CANCELLED, State.REHEARSED)
"""States after which nobody can have the message sent again."""
_LIMIT = 50
MAILBOX_FULL = "5.2.2"
FULL_LIMIT = 3
FULL_WITHIN = timedelta(days=14)
"""So many reports of a full mailbox within this time, and it is left alone for as long again."""


@dataclass(frozen=True)
class Done:
    """An attempt that has ended: which one of which message, under which lease."""

    id: UUID
    lease: UUID
    attempt: int
    outcome: Outcome


def conclude(uow: NotificationsUnitOfWork, attempts: Sequence[Done]) -> None:
    """Keep what became of attempts. One that is no longer ours changes nothing."""
    over = _conclude_sent(uow, [each for each in attempts if each.outcome.result is Result.SENT])
    others = [each for each in attempts if each.id not in over]
    rows = uow.send_queue.locked([each.id for each in others])
    for each in others:
        row = rows.get(each.id)
        if row is not None and _concerns(row, each):
            jitter = random.uniform(-1, 1)  # noqa: S311 - spreads retries
            finish(uow, row, after(_attempted(row), each.outcome, uow.now, jitter))
            if each.outcome.enhanced == MAILBOX_FULL:
                note_full_mailbox(uow, row, f"{row.id}/{each.attempt}")


def _conclude_sent(uow: NotificationsUnitOfWork, attempts: Sequence[Done]) -> set[UUID]:
    """The usual case, for all at once: a server took it, and the row stays as it is. Which ones that was."""
    over: set[UUID] = set()
    for lease in sorted({each.lease for each in attempts}):
        ids = [each.id for each in attempts if each.lease == lease]
        for sent in uow.send_queue.keep_sent(ids, lease, uow.now, NOT_KEPT_WHOLE):
            uow.publish(MessageHandedOver(**sent._asdict(), at=uow.now))
            over.add(sent.message_id)
    return over


def note_full_mailbox(uow: NotificationsUnitOfWork, row: MessageRow, key: str) -> None:
    """Count a full mailbox, once by its key; after three within fourteen days nothing goes there for fourteen days."""
    kind = Kind.MAILBOX_FULL.value
    uow.bounces.add(key=key, at=uow.now, source="server", kind=kind, email=row.email.casefold(), message_id=row.id,
                    status=MAILBOX_FULL, text="")  # fmt: skip
    leave_full_mailbox(uow, row)


def leave_full_mailbox(uow: NotificationsUnitOfWork, row: MessageRow) -> None:
    """Leave a mailbox alone for a while that was too often full."""
    if uow.bounces.count(row.email, Kind.MAILBOX_FULL.value, uow.now - FULL_WITHIN) >= FULL_LIMIT:
        reason = f"The mailbox was full {FULL_LIMIT} times within {FULL_WITHIN.days} days."
        full = Suppression(row.email, reason, "mailbox-full", uow.now + FULL_WITHIN, row.id)
        uow.suppressions.add([full], uow.now)


def _concerns(row: MessageRow, done: Done) -> bool:
    if row.lease == done.lease:
        return True
    # It was given up as unknown while the server took its time: now it is known after all.
    given_up = row.state == State.UNKNOWN.value and row.attempts == done.attempt
    return given_up and done.outcome.result in (Result.SENT, Result.FAILED)


def recover(uow: NotificationsUnitOfWork) -> None:
    """Decide about messages whose sender died: before the dot they go again, after it nobody knows."""
    for row in uow.send_queue.left_behind(uow.now, _LIMIT):
        if row.state == State.SENT.value:
            finish(uow, row, Verdict(State.SENT))  # it was taken; nobody has been told yet
        elif row.state == State.SENDING.value:
            row.state, row.next_at, row.lease, row.lease_until = State.QUEUED.value, uow.now, None, None
        else:
            again = unknown_retry_at(_attempted(row), uow.now)
            finish(uow, row, Verdict(State.UNKNOWN, again, reason="The sender stopped while handing it over."))


def finish(uow: NotificationsUnitOfWork, row: MessageRow, verdict: Verdict, *, by: UUID | None = None) -> None:
    """Store a verdict, and tell the other services once it is the last word. The way from the queue to SENT shows on
    the row itself; everything else is noted in the message's history."""
    row.state, row.next_at, row.reason = verdict.state.value, verdict.retry_at, verdict.reason
    row.lease, row.lease_until = None, None
    if verdict.state is not State.SENT:
        uow.history.note(row.id, verdict.state.value, uow.now, redact(verdict.reason), by)
    if verdict.suppress and not row.email.startswith(ERASED):
        uow.suppress(row.email, verdict.reason)
    if verdict.retry_at is not None:
        return
    row.finished_at = uow.now
    if verdict.state in _OVER:
        row.values = without_secrets(row.kind, row.values)
        if row.kind in FORGOTTEN:
            row.recipient = row.email = f"{ERASED}{row.id}"
            row.name, row.values = "", {}
    _tell(uow, row, verdict.state)


def _attempted(row: MessageRow) -> Attempted:
    return Attempted(row.kind, row.attempts, row.queued_at, row.expires_at, row.unknown_retries)


def _tell(uow: NotificationsUnitOfWork, row: MessageRow, state: State) -> None:
    common: dict[str, Any] = {
        "message_id": row.id,
        "person_id": row.person_id,
        "kind": row.kind,
        "about": row.about,
        "at": uow.now,
    }
    if state is State.SENT:
        uow.publish(MessageHandedOver(**common))
    elif state is State.DELIVERED:
        uow.publish(MessageDelivered(**common))
    elif state in _FAILURES:
        # Servers like to repeat the address that they refuse.
        uow.publish(MessageFailed(**common, state=state.value, reason=redact(row.reason)))
