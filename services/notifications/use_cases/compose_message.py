"""A queued message as the bytes that go out: the same for every attempt, for the preview and for the delivery."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from services.notifications.domain.addresses import Address, checked_address
from services.notifications.domain.calendar.invitation import prepare
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.categories import can_be_turned_off
from services.notifications.domain.kinds import KINDS, Method
from services.notifications.domain.mime import Letter, Unsubscribe, build
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.domain.templating.samples import sample_values
from services.notifications.storage.tables import MessageRow, SessionVersionRow
from services.notifications.storage.unit_of_work import Context, NotificationsUnitOfWork
from services.notifications.use_cases.secrets_in_messages import SECRETS


def render_message(uow: NotificationsUnitOfWork, row: MessageRow) -> Rendered:
    """The words of a message, by the template version that its row names."""
    return render(uow.templates.get(row.template), _values(uow.context, row))


def render_without_secrets(uow: NotificationsUnitOfWork, row: MessageRow) -> Rendered:
    """The words of a message for somebody else to look at: invented values stand where its reader's secrets do."""
    invented = sample_values(row.kind, row.language)
    hidden = {name: invented[name] for name in SECRETS & row.values.keys() & invented.keys()}
    if row.person_id is not None:
        hidden["preferences_url"] = invented["preferences_url"]
    return render(uow.templates.get(row.template), {**row.values, **hidden})


def _values(context: Context, row: MessageRow) -> dict[str, Any]:
    """What the row keeps, and the reader's own link to their preferences."""
    if row.person_id is None:
        return row.values
    return {"preferences_url": f"{context.preferences_url(row.person_id)}?language={row.language}", **row.values}


def _unsubscribe(context: Context, row: MessageRow) -> Unsubscribe | None:
    category = KINDS[row.kind].category
    if row.person_id is None and "leave_url" in row.values:
        return Unsubscribe(row.values["leave_url"])  # no account, but a place on a list that they can leave
    if row.person_id is None or not can_be_turned_off(category):
        return None
    return Unsubscribe(context.unsubscribe_url(row.person_id, category.value))


Writing = Callable[[], bytes]
"""Writes a whole message. Raises ValueError for an address that email cannot carry, Invalid for missing values."""


def draft(uow: NotificationsUnitOfWork, row: MessageRow) -> Writing:
    """All that a message needs of the database is read now, so that it can be written later, when there is time.
    Raises NotFound for a template or a session that there is not."""
    return partial(_write, uow.context, row, uow.templates.get(row.template), _told(uow, row))


Told = tuple[Method, SessionVersionRow]
"""What a calendar part tells."""


def _told(uow: NotificationsUnitOfWork, row: MessageRow) -> Told | None:
    if row.session_method is None or row.session_id is None or row.session_version is None:
        return None
    return Method(row.session_method), uow.sessions.version(row.session_id, row.session_version)


def _write(context: Context, row: MessageRow, template: Published, told: Told | None) -> bytes:
    recipient = Address(row.name, checked_address(row.email))
    return build(
        Letter(
            id=row.id,
            domain=context.mail_domain,
            sender=context.sender,
            recipient=recipient,
            rendered=render(template, _values(context, row)),
            language=row.language,
            date=row.queued_at,
            calendar=_calendar(context, row, told, recipient) if told else None,
            unsubscribe=_unsubscribe(context, row),
        )
    )


def _calendar(context: Context, row: MessageRow, told: Told, recipient: Address) -> tuple[Method, bytes]:
    method, version = told
    return method, _prepared(_meeting(context, row, version), method).for_attendee(recipient)


_prepared = lru_cache(maxsize=64)(prepare)
"""All invitations of one session differ in one line: the rest is written once."""


def _meeting(context: Context, row: MessageRow, version: SessionVersionRow) -> Meeting:
    state, sequence = version.state, row.session_sequence or 0
    return Meeting(
        uid=state["uid"],
        sequence=sequence,
        start=datetime.fromisoformat(state["starts_at"]),
        end=datetime.fromisoformat(state["ends_at"]),
        zone=state["zone"],
        title=state["title"],
        organizer=context.sender,
        # Somebody taken off the list is told a version under a number of their own, made when the message was.
        stamp=version.stamp if sequence == version.calendar_sequence else row.queued_at,
        description=state["purpose"],
        place=state["place"],
        link=state["link"] or None,
    )
