"""Send what is queued: claimed under a lease, checked once more, handed over once, the outcome kept."""

import logging
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notifications.domain.before_sending import Action, Facts, Go, InSession, check
from services.notifications.domain.delivery import Attempted, Verdict, after, unknown_retry_at
from services.notifications.domain.outcomes import Outcome
from services.notifications.domain.states import State
from services.notifications.storage.mailers import Mailer
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import compose
from shared.contracts.notifications import MessageFailed, MessageHandedOver
from shared.errors import Conflict
from shared.unit_of_work import Units

log = logging.getLogger(__name__)

BATCH = 50
# Longer than an SMTP server may take after the final dot (RFC 5321, 4.5.3.2.6).
LEASE = timedelta(minutes=15)
WAIT = timedelta(seconds=30)
_FAILURES = (State.FAILED, State.BOUNCED, State.SUPPRESSED, State.EXPIRED, State.UNKNOWN)


class LeaseLost(Exception):
    """Another sender has taken the message over: stop before the final dot."""


@dataclass(frozen=True)
class Claimed:
    """A message that is ours for now, ready to go."""

    id: UUID
    lease: UUID
    email: str
    content: bytes


class Sender:
    """Sends for one service, on one thread. `mailer` is opened by the caller."""

    def __init__(self, units: Units[NotificationsUnitOfWork], mailer: Mailer, envelope_from: str) -> None:
        self._units = units
        self._mailer = mailer
        self._from = envelope_from

    def step(self) -> bool:
        """Send a batch; whether there may be more at once."""
        with self._units.begin() as uow:
            recover(uow)
        with self._units.begin() as uow:
            claimed = [ready for row in uow.messages.claim(uow.now, LEASE, BATCH) if (ready := prepare(uow, row))]
        for each in claimed:
            self._send(each)
        return len(claimed) > 0

    def _send(self, message: Claimed) -> None:
        try:
            outcome = self._mailer.send(
                self._from, message.email, message.content, on_final_dot=lambda: self._hand(message)
            )
        except LeaseLost:
            log.warning("another sender took a message over", extra={"message_id": str(message.id)})
            return
        with self._units.begin() as uow:
            row = uow.messages.get(message.id, lock=True)
            if row.lease == message.lease:
                conclude(uow, row, outcome)

    def _hand(self, message: Claimed) -> None:
        with self._units.begin() as uow:
            if not uow.messages.hand(message.id, message.lease, uow.now):
                raise LeaseLost


def prepare(uow: NotificationsUnitOfWork, row: MessageRow) -> Claimed | None:
    """A claimed message ready to go, or None when it waits or stops for a reason that is stored with it."""
    go = check(_facts(uow, row))
    if go.action is Action.SEND:
        return _composed(uow, row, go)
    row.attempts -= 1  # it was not tried
    if go.action is Action.WAIT:
        row.state, row.next_at, row.lease = State.QUEUED.value, go.until or uow.now + WAIT, None
    else:
        _finish(uow, row, Verdict(go.state or State.EXPIRED, reason=go.reason))
    return None


def _composed(uow: NotificationsUnitOfWork, row: MessageRow, go: Go) -> Claimed | None:
    try:
        content = compose(uow, row, go.kind)
    except Exception as error:
        # One message that cannot be written must not keep the others from going.
        log.exception("a message could not be composed", extra={"message_id": str(row.id)})
        _finish(uow, row, Verdict(State.FAILED, reason=f"could not be composed: {type(error).__name__}"))
        return None
    assert row.lease is not None  # noqa: S101 - just claimed
    return Claimed(row.id, row.lease, row.email, content)


def _facts(uow: NotificationsUnitOfWork, row: MessageRow) -> Facts:
    session = None
    if row.session_id is not None:
        known = uow.messages.of_session(row.session_id, row.recipient)
        session = InSession(row.session_sequence or 0, State.QUEUED, known)
    return Facts(
        kind=row.kind,
        now=uow.now,
        queued_at=row.queued_at,
        expires_at=row.expires_at,
        address_suppressed=uow.is_suppressed(row.email),
        session=session,
    )


def conclude(uow: NotificationsUnitOfWork, row: MessageRow, outcome: Outcome) -> None:
    """Keep what became of an attempt."""
    _finish(uow, row, after(_attempted(row), outcome, uow.now, random.uniform(-1, 1)))  # noqa: S311 - spreads retries


def recover(uow: NotificationsUnitOfWork) -> None:
    """Decide about messages whose sender died: before the dot they go again, after it nobody knows."""
    for row in uow.messages.left_behind(uow.now, BATCH):
        if row.state == State.SENDING.value:
            row.state, row.next_at, row.lease = State.QUEUED.value, uow.now, None
            continue
        again = unknown_retry_at(_attempted(row), uow.now)
        _finish(uow, row, Verdict(State.UNKNOWN, again, reason="the sender stopped while handing it over"))


def _attempted(row: MessageRow) -> Attempted:
    return Attempted(row.kind, row.attempts, row.queued_at, row.expires_at, row.unknown_retries)


def _finish(uow: NotificationsUnitOfWork, row: MessageRow, verdict: Verdict) -> None:
    row.state, row.next_at, row.reason = verdict.state.value, verdict.retry_at, verdict.reason
    row.lease, row.lease_until = None, None
    if verdict.suppress:
        uow.suppress(row.email, verdict.reason)
    if verdict.retry_at is None:
        row.finished_at = uow.now
        _tell(uow, row, verdict.state)


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
        uow.publish(MessageFailed(**common, state=state.value, reason=row.reason))


def retry_now(uow: NotificationsUnitOfWork, message_id: UUID) -> MessageRow:
    """Staff ask to try again: for messages that failed or whose outcome nobody knows.

    Raises:
        Conflict: it is on its way, was sent, or must never go again.
    """
    row = uow.messages.get(message_id, lock=True)
    if row.state not in {State.FAILED.value, State.UNKNOWN.value, State.DEFERRED.value, State.QUEUED.value}:
        raise Conflict(f"A message that is {row.state} cannot be sent again.")
    row.state, row.next_at, row.finished_at = State.QUEUED.value, uow.now, None
    return row
