"""What became of messages: the outcome of each attempt, and what a sender that died left behind."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.notifications.domain.delivery import Attempted, Verdict, after, unknown_retry_at
from services.notifications.domain.outcomes import Outcome, Result
from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.secrets_in_messages import without_secrets
from shared.contracts.notifications import MessageFailed, MessageHandedOver
from shared.logs import redact

_FAILURES = (State.FAILED, State.BOUNCED, State.SUPPRESSED, State.EXPIRED, State.UNKNOWN)
_OVER = (State.SENT, State.SUPPRESSED, State.EXPIRED, State.SUPERSEDED)
"""States after which nobody can have the message sent again."""
_LIMIT = 50


@dataclass(frozen=True)
class Done:
    """An attempt that has ended: which one of which message, under which lease."""

    id: UUID
    lease: UUID
    attempt: int
    outcome: Outcome


def conclude(uow: NotificationsUnitOfWork, attempts: Sequence[Done]) -> None:
    """Keep what became of attempts. One that is no longer ours changes nothing."""
    rows = uow.send_queue.locked([each.id for each in attempts])
    for each in attempts:
        row = rows.get(each.id)
        if row is not None and _concerns(row, each):
            jitter = random.uniform(-1, 1)  # noqa: S311 - spreads retries
            finish(uow, row, after(_attempted(row), each.outcome, uow.now, jitter))


def _concerns(row: MessageRow, done: Done) -> bool:
    if row.lease == done.lease:
        return True
    # It was given up as unknown while the server took its time: now it is known after all.
    given_up = row.state == State.UNKNOWN.value and row.attempts == done.attempt
    return given_up and done.outcome.result in (Result.SENT, Result.FAILED)


def recover(uow: NotificationsUnitOfWork) -> None:
    """Decide about messages whose sender died: before the dot they go again, after it nobody knows."""
    for row in uow.send_queue.left_behind(uow.now, _LIMIT):
        if row.state == State.SENDING.value:
            row.state, row.next_at, row.lease, row.lease_until = State.QUEUED.value, uow.now, None, None
        else:
            again = unknown_retry_at(_attempted(row), uow.now)
            finish(uow, row, Verdict(State.UNKNOWN, again, reason="The sender stopped while handing it over."))


def finish(uow: NotificationsUnitOfWork, row: MessageRow, verdict: Verdict) -> None:
    """Store a verdict, and tell the other services once it is the last word."""
    row.state, row.next_at, row.reason = verdict.state.value, verdict.retry_at, verdict.reason
    row.lease, row.lease_until = None, None
    if verdict.suppress:
        uow.suppress(row.email, verdict.reason)
    if verdict.retry_at is not None:
        return
    row.finished_at = uow.now
    if verdict.state in _OVER:
        row.values = without_secrets(row.kind, row.values)
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
    elif state in _FAILURES:
        # Servers like to repeat the address that they refuse.
        uow.publish(MessageFailed(**common, state=state.value, reason=redact(row.reason)))
