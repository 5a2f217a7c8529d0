"""Put a message in the queue, in the transaction of the event that causes it."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.expiry import expires_at
from services.notifications.domain.languages import choose
from services.notifications.domain.states import State
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.ids import new_id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipient:
    """Who gets it: a person with an account, or an address alone."""

    email: str
    name: str
    language: str
    person_id: UUID | None = None

    @property
    def key(self) -> str:
        """What makes two messages of one event the same."""
        return str(self.person_id) if self.person_id else self.email


@dataclass(frozen=True)
class SessionPart:
    """For calendar messages and reminders: which session, at which SEQUENCE, by which method."""

    session_id: UUID
    sequence: int
    method: str | None


@dataclass(frozen=True)
class Wish:
    """A message to make. `values` fill the template; times in it are as `Moment.as_json`."""

    kind: str
    recipient: Recipient
    values: dict[str, Any]
    session: SessionPart | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    deadline: datetime | None = None


def person(uow: NotificationsUnitOfWork, person_id: UUID) -> Recipient:
    """A person as a recipient; raises NotYet while we do not know how to reach them."""
    contact = uow.contact(person_id)
    return Recipient(contact.email, contact.name, contact.language, person_id)


def queue(uow: NotificationsUnitOfWork, wish: Wish) -> None:
    """Queue it once: the same event, recipient and kind never make a second one."""
    assert uow.cause is not None  # noqa: S101 - every message has a cause
    template = uow.keep_template(shipped()[wish.kind, _language(wish)])
    session = wish.session
    uow.messages.add(
        {
            "id": new_id(),
            "event_id": uow.cause.id,
            "recipient": wish.recipient.key,
            "kind": wish.kind,
            "channel": "email",
            "person_id": wish.recipient.person_id,
            "name": wish.recipient.name,
            "email": wish.recipient.email,
            "language": _language(wish),
            "template": template,
            "values": _values(uow, wish),
            "about": uow.cause.subject,
            "correlation_id": uow.cause.correlationid,
            "session_id": session.session_id if session else None,
            "session_sequence": session.sequence if session else None,
            "session_method": session.method if session else None,
            "state": State.QUEUED.value,
            "attempts": 0,
            "unknown_retries": 0,
            "queued_at": uow.now,
            "next_at": uow.now,
            "expires_at": expires_at(wish.kind, uow.now, starts=wish.starts, ends=wish.ends, deadline=wish.deadline),
            "reason": "",
        }
    )


def _values(uow: NotificationsUnitOfWork, wish: Wish) -> dict[str, Any]:
    given = {name: value for name, value in wish.values.items() if value not in (None, "")}
    common = {
        "programme": uow.context.programme,
        "name": wish.recipient.name or None,
        "contact_email": uow.context.sender.email,
    }
    return {name: value for name, value in {**common, **given}.items() if value is not None}


def _language(wish: Wish) -> str:
    available = [language for kind, language in shipped() if kind == wish.kind]
    choice = choose(wish.recipient.language, available)
    if choice.fell_back:
        log.info("no template in the wanted language", extra={"kind": wish.kind, "wanted": wish.recipient.language})
    return choice.code
