"""Claim messages and make them ready: everything is looked at once more, right before they are sent."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.addresses import checked_address
from services.notifications.domain.before_sending import Action, Facts, Go, InSession, check
from services.notifications.domain.delivery import Verdict
from services.notifications.domain.languages import DEFAULT
from services.notifications.domain.preferences import Preferences
from services.notifications.domain.settings import Settings
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Known
from services.notifications.storage.send_queue import Taken
from services.notifications.storage.sessions import Pair, as_known
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import Writing, draft
from services.notifications.use_cases.conclude_messages import finish
from services.notifications.use_cases.limit_domains import within_limits
from services.notifications.use_cases.send_test import TEST

log = logging.getLogger(__name__)

DRY_RUN = "A dry run: it was made and checked, and nothing left."
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
    write: Writing
    return_path: str = ""


@dataclass(frozen=True)
class Batch:
    """Messages to send now, of the so many that were `taken` from the queue."""

    messages: Sequence[Claimed]
    taken: int


def claim(uow: NotificationsUnitOfWork, lease: timedelta, limit: int) -> Batch:
    """Take up to `limit` messages whose time has come, and make those ready that are to go now."""
    found = uow.send_queue.claim(uow.now, lease, limit)
    taken = within_limits(uow, found)
    world = _look(uow, taken)
    # An earlier SEQUENCE is decided before a later one, and what is decided counts at once: the rows behind `known`
    # are the ones that change.
    ready = {
        each.row.id: _prepared(uow, each, world)
        for each in sorted(taken, key=lambda each: each.row.session_sequence or 0)
    }
    return Batch([claimed for each in taken if (claimed := ready[each.row.id]) is not None], len(found))


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
    """Whose calendar it concerns; none for words on a waiting list, which is no entry."""
    in_calendar = row.session_method is not None or row.reminder_minutes is not None
    return (row.session_id, row.recipient) if in_calendar and row.session_id is not None else None


@dataclass(frozen=True)
class _World:
    """What is true now, read once for all that were claimed together. `known` holds the rows that change."""

    now: datetime
    settings: Settings
    known: Mapping[Pair, Sequence[MessageRow]]
    suppressed: set[str]
    wishes: Mapping[str, Preferences]
    roles: Mapping[UUID, Sequence[str]]

    def of(self, row: MessageRow) -> Preferences:
        """What the recipient wants."""
        return self.wishes.get(row.recipient, _NOTHING_SAID)


_NOTHING_SAID = Preferences()


def _look(uow: NotificationsUnitOfWork, taken: Sequence[Taken]) -> _World:
    about = [pair for each in taken if (pair := _pair(each.row))]
    uow.sessions.hold(about)
    return _World(
        uow.now,
        uow.settings.get(),
        uow.sessions.known(about, [each.row for each in taken]),
        uow.suppressions.among({each.row.email for each in taken}, uow.now),
        uow.wishes.among({each.row.recipient for each in taken}),
        uow.roles({each.row.person_id for each in taken if each.row.person_id}),
    )


def _facts(row: MessageRow, world: _World) -> Facts:
    session = None
    if pair := _pair(row):
        others: list[Known] = [as_known(each) for each in world.known.get(pair, ())]
        session = InSession(row.session_sequence or 0, State.QUEUED, others)
    wanted, roles = world.of(row), world.roles.get(row.person_id, ()) if row.person_id else ()
    if row.about == TEST:
        return Facts(row.kind, world.now, row.queued_at, row.expires_at, row.email in world.suppressed)
    return Facts(
        kind=row.kind,
        now=world.now,
        queued_at=row.queued_at,
        expires_at=row.expires_at,
        address_suppressed=row.email in world.suppressed,
        turned_off=wanted.turned_off(roles),
        quiet=wanted.quiet_hours(world.settings),
        session=session,
    )


def _prepared(uow: NotificationsUnitOfWork, taken: Taken, world: _World) -> Claimed | None:
    """Ready to go; or None when it waits or stops, for a reason that is stored with it."""
    go = check(_facts(taken.row, world))
    if go.action is Action.SEND:
        ready = _drafted(uow, taken, go)
        if ready is None or not _stays_here(uow, taken.row, world):
            return ready
        _rehearse(uow, taken, ready)
        return None
    if go.action is Action.WAIT:
        taken.put_back(go.until or uow.now + WAIT)
    else:
        taken.not_tried()
        finish(uow, taken.row, Verdict(go.state or State.EXPIRED, reason=go.reason))
    return None


def _stays_here(uow: NotificationsUnitOfWork, row: MessageRow, world: _World) -> bool:
    """Whether this is a dry run. Staff's own lets sign-in links go, or nobody could come back to end it."""
    return uow.context.dry_run or (world.settings.dry_run and row.kind != "sign_in" and row.about != TEST)


def _rehearse(uow: NotificationsUnitOfWork, taken: Taken, ready: Claimed) -> None:
    try:
        ready.write()
    except Exception as error:
        finish(uow, taken.row, Verdict(State.FAILED, reason=unwritten(ready.id, error)))
    else:
        taken.not_tried()
        finish(uow, taken.row, Verdict(State.REHEARSED, reason=DRY_RUN))


def unwritten(message_id: UUID, error: Exception) -> str:
    """Why a message could not be written, for staff; the log has the rest. Called where the error is caught."""
    log.exception("a message could not be composed", extra={"message_id": str(message_id)})
    return f"It could not be written ({type(error).__name__})."


def _drafted(uow: NotificationsUnitOfWork, taken: Taken, go: Go) -> Claimed | None:
    row = taken.row
    assert row.lease is not None  # noqa: S101 - just claimed
    if go.kind != row.kind:
        # Kept on the row: what is shown to staff, and any later attempt, are these very words.
        template = uow.templates.in_use(go.kind, row.language) or uow.templates.in_use(go.kind, DEFAULT)
        assert template is not None  # noqa: S101 - every kind is shipped in English
        row.template, row.language = uow.templates.keep(template, uow.now), template.language
    try:
        return Claimed(
            row.id, row.lease, row.attempts, taken.was, checked_address(row.email), draft(uow, row),
            uow.context.return_path(row.id),
        )  # fmt: skip
    except Exception as error:
        # One message that cannot be written must not keep the others from going.
        finish(uow, row, Verdict(State.FAILED, reason=unwritten(row.id, error)))
        return None
