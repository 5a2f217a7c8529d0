"""Put messages in the queue, in the transaction of the event that causes them."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.addresses import domain_of
from services.notifications.domain.expiry import expires_at
from services.notifications.domain.languages import choose
from services.notifications.domain.states import State
from services.notifications.domain.templating.publish import Published
from services.notifications.storage.tables import ContactRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.contracts.applications import NO_ADDRESS
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
        return str(self.person_id) if self.person_id else self.email.casefold()


@dataclass(frozen=True)
class SessionPart:
    """For calendar messages and reminders: which session, at which SEQUENCE, by which method.

    `version` is what the calendar part tells, where that is not the version of the same number; `reminder` is how many
    minutes before the session a reminder goes.
    """

    session_id: UUID
    sequence: int
    method: str | None = None
    version: int | None = None
    reminder: int | None = None


@dataclass(frozen=True)
class Wish:
    """A message to make. `values` fill the template; times in it are as `Moment.as_json`.

    `starts`, `ends` and `deadline` say when it comes too late by the rules of its kind; `until`, whatever its kind.
    `period` is the first day of the period that a digest is for.
    """

    kind: str
    recipient: Recipient
    values: dict[str, Any]
    session: SessionPart | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    deadline: datetime | None = None
    until: datetime | None = None
    period: str | None = None


def person(uow: NotificationsUnitOfWork, person_id: UUID) -> Recipient:
    """A person as a recipient; raises NotYet while we do not know how to reach them."""
    return as_recipient(uow.contacts([person_id])[person_id])


def as_recipient(contact: ContactRow) -> Recipient:
    """A person whom we know how to reach."""
    return Recipient(contact.email, contact.name, contact.language, contact.person_id)


def queue(uow: NotificationsUnitOfWork, *wishes: Wish) -> None:
    """Queue each once: the same event, recipient and kind never make a second one. Kinds that staff look at first
    are held, all that come of one action together.

    Who applied on paper and has no address gets nothing by email; staff print what they are to know.
    """
    reachable = [wish for wish in wishes if not wish.recipient.email.endswith(f"@{NO_ADDRESS}")]
    if reachable:
        held = uow.settings.get().held
        uow.messages.add([_row(uow, wish, held) for wish in reachable])
        uow.wake()


def worded(uow: NotificationsUnitOfWork, wish: Wish) -> tuple[Published, dict[str, Any]]:
    """The template that a message goes out in, in its reader's language, and the values that fill it."""
    template = uow.templates.in_use(wish.kind, _language(uow, wish))
    assert template is not None  # noqa: S101 - the language is one of those in use
    return template, _values(uow, wish)


def _row(uow: NotificationsUnitOfWork, wish: Wish, held: frozenset[str]) -> dict[str, Any]:
    (template, values), cause = worded(uow, wish), _cause(uow, wish)
    batch = uow.batches.open(_batch(cause, wish.kind), wish.kind, uow.now) if wish.kind in held else None
    hold = batch is not None and batch.state == "held"
    # What comes late to a batch that was let go follows it.
    ready = max(uow.now, batch.send_at) if batch is not None and batch.send_at else uow.now
    return {
        "id": new_id(),
        "event_id": cause.id,
        "recipient": wish.recipient.key,
        "kind": wish.kind,
        "channel": "email",
        "person_id": wish.recipient.person_id,
        "name": wish.recipient.name,
        "email": wish.recipient.email,
        "language": template.language,
        "template": uow.templates.keep(template, uow.now),
        "values": values,
        "about": cause.about,
        "correlation_id": cause.correlation_id,
        **_session(wish.session),
        "state": (State.HELD if hold else State.QUEUED).value,
        "batch_id": batch.id if batch is not None else None,
        "domain": domain_of(wish.recipient.email)[:255],
        "period": wish.period,
        "attempts": 0,
        "unknown_retries": 0,
        "queued_at": ready,
        "next_at": None if hold else ready,
        "expires_at": _expires_at(wish, uow.now),
        "reason": "",
    }


@dataclass(frozen=True)
class _Cause:
    id: UUID
    about: str
    correlation_id: str


def _cause(uow: NotificationsUnitOfWork, wish: Wish) -> _Cause:
    if uow.cause is not None:
        return _Cause(uow.cause.id, uow.cause.subject, uow.cause.correlationid)
    assert wish.period is not None  # noqa: S101 - only digests come from the clock
    return _Cause(new_id(), f"digest/{wish.period}", f"digest {wish.period}")


def _batch(cause: _Cause, kind: str) -> str:
    """What makes messages one batch: all decisions that were released together, whatever they say."""
    group = "decisions" if kind.startswith("decision_") else kind
    return f"{cause.correlation_id}/{group}"[:160]


def _session(part: SessionPart | None) -> dict[str, Any]:
    if part is None:
        part = SessionPart(None, None)  # type: ignore[arg-type]
    version = part.sequence if part.method and part.version is None else part.version
    return {
        "session_id": part.session_id,
        "session_sequence": part.sequence,
        "session_method": part.method,
        "session_version": version,
        "reminder_minutes": part.reminder,
    }


def _expires_at(wish: Wish, now: datetime) -> datetime | None:
    by_kind = expires_at(wish.kind, now, starts=wish.starts, ends=wish.ends, deadline=wish.deadline)
    return min((end for end in (by_kind, wish.until) if end is not None), default=None)


def _values(uow: NotificationsUnitOfWork, wish: Wish) -> dict[str, Any]:
    given = {name: value for name, value in wish.values.items() if value not in (None, "")}
    common = {"programme": uow.context.programme, "contact_email": uow.context.sender.email}
    return {**common, **({"name": wish.recipient.name} if wish.recipient.name else {}), **given}


def _language(uow: NotificationsUnitOfWork, wish: Wish) -> str:
    choice = choose(wish.recipient.language, uow.templates.languages(wish.kind))
    if choice.fell_back:
        log.info("no template in the wanted language", extra={"kind": wish.kind, "wanted": wish.recipient.language})
    return choice.code
