"""Claim messages and make them ready: everything is looked at once more, right before they are sent."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.addresses import checked_address
from services.notifications.domain.before_sending import Action, Facts, Go, InSession, check
from services.notifications.domain.delivery import Verdict
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Known
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.storage.send_queue import Taken
from services.notifications.storage.sessions import Pair, as_known
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import compose
from services.notifications.use_cases.conclude_messages import finish

log = logging.getLogger(__name__)

WAIT = timedelta(seconds=10)
"""How long a message waits for the one before it that is on its way."""
_OURS = (State.SENDING.value, State.HANDED.value)


@dataclass(frozen=True)
class Claimed:
    """A message that is ours for now, ready to go. `was`: what to make of it again if it is not tried after all."""

    id: UUID
    lease: UUID
    attempt: int
    was: State
    email: str
    content: bytes


def claim(uow: NotificationsUnitOfWork, lease: timedelta, limit: int) -> tuple[list[Claimed], bool]:
    """Take up to `limit` messages whose time has come; those to send now, and whether any were taken at all."""
    taken = uow.send_queue.claim(uow.now, lease, limit)
    about = [pair for each in taken if (pair := _pair(each.row))]
    uow.sessions.hold(about)
    known = uow.sessions.known(about)
    suppressed = uow.suppressed({each.row.email for each in taken})
    # An earlier SEQUENCE is decided before a later one, and what is decided counts at once: the rows behind `known`
    # are the ones that change.
    ready = {
        each.row.id: _prepared(uow, each, _facts(each.row, uow.now, known, suppressed))
        for each in sorted(taken, key=lambda each: each.row.session_sequence or 0)
    }
    return [claimed for each in taken if (claimed := ready[each.row.id]) is not None], bool(taken)


def release(uow: NotificationsUnitOfWork, messages: Sequence[Claimed]) -> None:
    """Give back messages that were certainly not handed over, for any sender to take.

    One may stand as handed all the same, if the database took the note and went away before it said so.
    """
    rows = uow.send_queue.locked([message.id for message in messages])
    for message in messages:
        row = rows.get(message.id)
        if row is not None and row.lease == message.lease and row.state in _OURS:
            Taken(row, message.was).put_back()
            row.handed_at = None


def _pair(row: MessageRow) -> Pair | None:
    return (row.session_id, row.recipient) if row.session_id is not None else None


def _facts(row: MessageRow, now: datetime, known: Mapping[Pair, Sequence[MessageRow]], suppressed: set[str]) -> Facts:
    session = None
    if pair := _pair(row):
        others: list[Known] = [as_known(each) for each in known.get(pair, ())]
        session = InSession(row.session_sequence or 0, State.QUEUED, others)
    return Facts(
        kind=row.kind,
        now=now,
        queued_at=row.queued_at,
        expires_at=row.expires_at,
        address_suppressed=row.email in suppressed,
        session=session,
    )


def _prepared(uow: NotificationsUnitOfWork, taken: Taken, facts: Facts) -> Claimed | None:
    """Ready to go; or None when it waits or stops, for a reason that is stored with it."""
    go = check(facts)
    if go.action is Action.SEND:
        return _composed(uow, taken, go)
    if go.action is Action.WAIT:
        taken.put_back(go.until or uow.now + WAIT)
    else:
        taken.row.attempts -= 1  # it was not tried
        finish(uow, taken.row, Verdict(go.state or State.EXPIRED, reason=go.reason))
    return None


def _composed(uow: NotificationsUnitOfWork, taken: Taken, go: Go) -> Claimed | None:
    row = taken.row
    assert row.lease is not None  # noqa: S101 - just claimed
    if go.kind != row.kind:
        # Kept on the row: what is shown to staff, and any later attempt, are these very words.
        row.template = uow.templates.keep(shipped()[go.kind, row.language], uow.now)
    try:
        return Claimed(row.id, row.lease, row.attempts, taken.was, checked_address(row.email), compose(uow, row))
    except Exception as error:
        # One message that cannot be written must not keep the others from going.
        log.exception("a message could not be composed", extra={"message_id": str(row.id)})
        finish(uow, row, Verdict(State.FAILED, reason=f"It could not be written ({type(error).__name__})."))
        return None
