"""Sessions: invitations, changes and cancellations that leave every calendar right; waiting lists; reminders."""

from typing import Any
from uuid import UUID

from services.notifications.domain.delivery import Verdict
from services.notifications.domain.kinds import KINDS, Method
from services.notifications.domain.states import IN_FLIGHT, REACHED, State
from services.notifications.storage.sessions import WAITING, as_known
from services.notifications.storage.tables import MessageRow, SessionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.conclude_messages import finish
from services.notifications.use_cases.queue_message import SessionPart, Wish, as_recipient, queue
from services.notifications.use_cases.session_words import changes, content, ends_at, starts_at, values
from shared.contracts.base import encode
from shared.contracts.cohorts import SessionPublished, SessionReminderDue
from shared.errors import NotYet


def session_published(uow: NotificationsUnitOfWork, event: SessionPublished) -> None:
    """Tell everybody whom this version concerns: those invited or waiting, and those who no longer are.

    An older state that comes late changes nothing. Nobody is written to for whom nothing has changed.
    """
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    known = uow.sessions.find(event.session_id)
    if known is not None and known.event_sequence >= uow.cause.sequence:
        return
    before = known.state if known is not None else {}
    whole = encode(event)
    state = {name: value for name, value in whole.items() if name not in ("recipients", WAITING)}
    row = known or SessionRow(session_id=event.session_id)
    row.calendar_sequence, row.event_sequence, row.stamp = event.calendar_sequence, uow.cause.sequence, uow.cause.time
    uow.sessions.keep(row, state, whole[WAITING])
    told = uow.sessions.told(event.session_id) if known is not None else {}
    going = event.recipients if event.status == "scheduled" else []
    waited = set(map(UUID, before.get(WAITING, [])))
    waiting = _waiting(event, waited, before, state)
    _take_back(uow, event, {*waiting, *waited.difference(event.waiting)})
    wishes = {
        **waiting,
        **_invitations(uow, event, state, going, told, waited),
        **_cancellations(event, going, told),
    }
    contacts = uow.contacts(wishes)
    queue(uow, *(_wish(uow, person, state, *what, contacts) for person, what in wishes.items()))


What = tuple[str, SessionPart, list[dict[str, Any]]]
"""Kind of message, its calendar part, and the changes it speaks of."""


def _invitations(
    uow: NotificationsUnitOfWork,
    event: SessionPublished,
    state: dict[str, Any],
    going: list[UUID],
    told: dict[str, list[MessageRow]],
    waited: set[UUID],
) -> dict[UUID, What]:
    """For those who have a place: the first word of it, other words for who waited for it, or what has changed."""
    part = SessionPart(event.session_id, event.calendar_sequence, Method.REQUEST.value)
    wishes: dict[UUID, What] = {}
    for person in going:
        last = next(reversed(told.get(str(person), [])), None)
        if last is None or last.session_method == Method.CANCEL:
            wishes[person] = ("session_place" if person in waited else "session_invitation", part, [])
        elif content(_told_state(uow, last)) != content(state):
            before = _told_state(uow, _last_to_go(told[str(person)]))
            wishes[person] = ("session_changed", part, changes(before, state))
    return wishes


def _take_back(uow: NotificationsUnitOfWork, event: SessionPublished, people: set[UUID]) -> None:
    """What these people would read of the waiting list is not so any more: stop it, if it has not gone."""
    for row in uow.messages.waiting_to_go("session_waiting", event.session_id, people):
        finish(uow, row, Verdict(State.SUPERSEDED, reason="the waiting list has changed since"))


def _waiting(
    event: SessionPublished, waited: set[UUID], before: dict[str, Any], now: dict[str, Any]
) -> dict[UUID, What]:
    """For those on the waiting list: that they are on it, that what they wait for has changed, or that it is off."""
    part = SessionPart(event.session_id, event.calendar_sequence)
    if event.status != "scheduled":
        known = waited if before.get("status") == "scheduled" else set()
        return {person: ("session_waiting_over", part, []) for person in known}
    # How to get in is no concern of those who cannot come yet.
    changed = [row for row in changes(before, now) if row["what"] != "link"] if waited else []
    return {
        person: ("session_waiting", part, changed if person in waited else [])
        for person in event.waiting
        if person not in waited or changed
    }


def _cancellations(event: SessionPublished, going: list[UUID], told: dict[str, list[MessageRow]]) -> dict[UUID, What]:
    """For those who were invited and are not any more, with a SEQUENCE above that of their invitation.

    When somebody is taken off the list, the session's own SEQUENCE stays, so that nobody else is written to; if they
    come back, the cohorts service raises it by two, past the cancellation.
    """
    sequence = event.calendar_sequence + (event.status == "scheduled")
    part = SessionPart(event.session_id, sequence, Method.CANCEL.value, version=event.calendar_sequence)
    return {
        messages[-1].person_id: ("session_cancelled", part, [])
        for messages in told.values()
        if messages[-1].session_method == Method.REQUEST
        and messages[-1].person_id is not None
        and messages[-1].person_id not in going
    }


def _told_state(uow: NotificationsUnitOfWork, message: MessageRow) -> dict[str, Any]:
    assert message.session_id is not None and message.session_version is not None  # noqa: S101 - a calendar message
    return uow.sessions.version(message.session_id, message.session_version).state


def _last_to_go(messages: list[MessageRow]) -> MessageRow:
    """The newest message that the person has or may have; the newest of all when none has gone."""
    gone = [message for message in messages if as_known(message).state in REACHED | IN_FLIGHT]
    return (gone or messages)[-1]


def _wish(
    uow: NotificationsUnitOfWork,
    person: UUID,
    state: dict[str, Any],
    kind: str,
    part: SessionPart,
    changed: list[dict[str, Any]],
    contacts: Any,
) -> Wish:
    known = KINDS[kind].all_placeholders()
    words = {name: value for name, value in values(state, uow.context.public_url).items() if name in known}
    if changed:
        words["changes"] = changed
    return Wish(kind, as_recipient(contacts[person]), words, part, starts=starts_at(state), ends=ends_at(state))


def session_reminder(uow: NotificationsUnitOfWork, event: SessionReminderDue) -> None:
    """It begins soon: to everybody who is invited. Raises NotYet while the session itself has not arrived."""
    row = uow.sessions.find(event.session_id)
    if row is None or row.calendar_sequence < event.calendar_sequence:
        raise NotYet("The session that this reminder is about has not arrived.")
    if row.state["status"] != "scheduled" or _moved_since(uow, row, event.calendar_sequence):
        return
    last = [messages[-1] for messages in uow.sessions.told(event.session_id).values()]
    people = [each.person_id for each in last if each.session_method == Method.REQUEST and each.person_id is not None]
    part = SessionPart(event.session_id, row.calendar_sequence, reminder=event.minutes_before)
    contacts = uow.contacts(people)
    queue(uow, *(_wish(uow, person, row.state, "session_reminder", part, [], contacts) for person in people))


def _moved_since(uow: NotificationsUnitOfWork, row: SessionRow, calendar_sequence: int) -> bool:
    """Whether the session begins at another time than when the reminder was put on the clock; it has another then."""
    if row.calendar_sequence == calendar_sequence:
        return False
    version = uow.sessions.find_version(row.session_id, calendar_sequence)
    return version is None or starts_at(version.state) != starts_at(row.state)
