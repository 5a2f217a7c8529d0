"""A queued message as the bytes that go out: the same for every attempt, for the preview and for the delivery."""

from datetime import datetime

from services.notifications.domain.addresses import Address
from services.notifications.domain.calendar.invitation import prepare
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.kinds import Method
from services.notifications.domain.mime import Letter, build
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.storage.tables import MessageRow, SessionVersionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork


def render_message(uow: NotificationsUnitOfWork, row: MessageRow, kind: str | None = None) -> Rendered:
    """The words of a message. `kind` when it is worded as another (a change to somebody who was never invited)."""
    if kind is None or kind == row.kind:
        return render(uow.template(row.template), row.values)
    return render(shipped()[kind, row.language], row.values)


def compose(uow: NotificationsUnitOfWork, row: MessageRow, kind: str | None = None) -> bytes:
    """The whole message."""
    recipient = Address(row.name, row.email)
    return build(
        Letter(
            id=row.id,
            domain=uow.context.mail_domain,
            sender=uow.context.sender,
            recipient=recipient,
            rendered=render_message(uow, row, kind),
            language=row.language,
            date=row.queued_at,
            calendar=_calendar(uow, row, recipient),
        )
    )


def _calendar(uow: NotificationsUnitOfWork, row: MessageRow, recipient: Address) -> tuple[Method, bytes] | None:
    if row.session_method is None or row.session_id is None:
        return None
    version = uow.session.get_one(SessionVersionRow, (row.session_id, row.session_sequence))
    method = Method(row.session_method)
    return method, prepare(_meeting(uow, version), method).for_attendee(recipient)


def _meeting(uow: NotificationsUnitOfWork, version: SessionVersionRow) -> Meeting:
    state = version.state
    return Meeting(
        uid=state["uid"],
        sequence=version.calendar_sequence,
        start=datetime.fromisoformat(state["starts_at"]),
        end=datetime.fromisoformat(state["ends_at"]),
        zone=state["zone"],
        title=state["title"],
        organizer=uow.context.sender,
        stamp=version.stamp,
        description=state["purpose"],
        place=state["place"],
        link=state["link"] or None,
    )
