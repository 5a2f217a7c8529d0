"""Sessions: invitations, changes, cancellations and reminders that leave every calendar right."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.kinds import Method
from services.notifications.domain.moments import Moment
from services.notifications.domain.supersession import has_entry
from services.notifications.storage.tables import MessageRow, SessionRow, SessionVersionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import SessionPart, Wish, person, queue
from shared.contracts.base import encode
from shared.contracts.cohorts import SessionPublished, SessionReminderDue
from shared.errors import NotYet


def session_published(uow: NotificationsUnitOfWork, event: SessionPublished) -> None:
    """Tell everybody whom this version concerns: the invited, and those who are no longer."""
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    known = uow.session.get(SessionRow, event.session_id)
    if known is not None and known.event_sequence >= uow.cause.sequence:
        return
    before = dict(known.state) if known else {}
    _keep(uow, event, known)
    invited = uow.messages.invited(event.session_id)
    going = {str(each) for each in event.recipients} if event.status == "scheduled" else set()
    for key in going:
        _tell_invited(uow, event, UUID(key), invited.get(key), before)
    for key, message in invited.items():
        if key not in going and _may_have_entry(uow, event.session_id, key):
            _tell_cancelled(uow, event, message)


def _keep(uow: NotificationsUnitOfWork, event: SessionPublished, known: SessionRow | None) -> None:
    assert uow.cause is not None  # noqa: S101
    row = known or SessionRow(session_id=event.session_id)
    row.calendar_sequence, row.event_sequence = event.calendar_sequence, uow.cause.sequence
    row.stamp, row.state = uow.cause.time, _state(event)
    uow.session.add(row)
    if uow.session.get(SessionVersionRow, (event.session_id, event.calendar_sequence)) is None:
        uow.session.add(
            SessionVersionRow(
                session_id=event.session_id,
                calendar_sequence=event.calendar_sequence,
                stamp=uow.cause.time,
                state=_state(event),
            )
        )
    uow.session.flush()


def _state(event: SessionPublished) -> dict[str, Any]:
    return {name: value for name, value in encode(event).items() if name != "recipients"}


def _tell_invited(
    uow: NotificationsUnitOfWork,
    event: SessionPublished,
    person_id: UUID,
    last: MessageRow | None,
    before: dict[str, Any],
) -> None:
    if last is not None and last.session_method == Method.REQUEST and last.session_sequence == event.calendar_sequence:
        return  # somebody else was added or removed: nothing changed for this person
    kind = "session_changed" if last is not None and last.session_method == Method.REQUEST else "session_invitation"
    values = _values(uow, event)
    if kind == "session_changed":
        values["changes"] = _changes(event, before)
    _queue(uow, event, kind, person_id, values, Method.REQUEST)


def _may_have_entry(uow: NotificationsUnitOfWork, session_id: UUID, recipient: str) -> bool:
    known = uow.messages.of_session(session_id, recipient)
    last = max(known, key=lambda each: (each.sequence, each.method is Method.CANCEL))
    return last.method is Method.REQUEST or has_entry(known)


def _tell_cancelled(uow: NotificationsUnitOfWork, event: SessionPublished, last: MessageRow) -> None:
    if last.person_id is not None:
        _queue(uow, event, "session_cancelled", last.person_id, _values(uow, event), Method.CANCEL)


def _queue(
    uow: NotificationsUnitOfWork,
    event: SessionPublished,
    kind: str,
    person_id: UUID,
    values: dict[str, Any],
    method: Method,
) -> None:
    part = SessionPart(event.session_id, event.calendar_sequence, method.value)
    wish = Wish(kind, person(uow, person_id), values, part, starts=event.starts_at, ends=event.ends_at)
    queue(uow, wish)


def _values(uow: NotificationsUnitOfWork, event: SessionPublished) -> dict[str, Any]:
    return {
        "session": event.title,
        "when": Moment(event.starts_at, event.zone, event.ends_at).as_json(),
        "purpose": event.purpose,
        "place": event.place,
        "join_url": event.link,
        "access_notes": event.access_notes,
        "my_url": f"{uow.context.public_url}/cohorts/my",
    }


def _changes(event: SessionPublished, before: dict[str, Any]) -> list[dict[str, Any]]:
    if not before:
        return []
    changes: list[dict[str, Any]] = []
    was = _moment(before)
    now = Moment(event.starts_at, event.zone, event.ends_at).as_json()
    if was != now:
        changes.append({"what": "time", "before": was, "now": now})
    for field in ("place", "title"):
        if before.get(field) != getattr(event, field) and getattr(event, field):
            changes.append({"what": field, "before": before.get(field) or None, "now": getattr(event, field)})
    return [{name: value for name, value in change.items() if value is not None} for change in changes]


def _moment(state: dict[str, Any]) -> dict[str, str | None]:
    starts, ends = (datetime.fromisoformat(state[name]) for name in ("starts_at", "ends_at"))
    return Moment(starts, str(state["zone"]), ends).as_json()


def session_reminder(uow: NotificationsUnitOfWork, event: SessionReminderDue) -> None:
    """It begins soon: to everybody who was invited to this version and still is."""
    row = uow.session.get(SessionRow, event.session_id)
    if row is None or row.calendar_sequence < event.calendar_sequence:
        raise NotYet("The session that this reminder is about has not arrived.")
    if row.calendar_sequence > event.calendar_sequence or row.state["status"] != "scheduled":
        return
    starts, ends = (datetime.fromisoformat(row.state[name]) for name in ("starts_at", "ends_at"))
    for message in uow.messages.invited(event.session_id).values():
        if message.session_method != Method.REQUEST or message.person_id is None:
            continue
        values = {name: value for name, value in message.values.items() if name != "changes"}
        values["when"] = Moment(starts, str(row.state["zone"]), ends).as_json()
        part = SessionPart(event.session_id, event.calendar_sequence, None)
        wish = Wish("session_reminder", person(uow, message.person_id), values, part, starts=starts, ends=ends)
        queue(uow, wish)
