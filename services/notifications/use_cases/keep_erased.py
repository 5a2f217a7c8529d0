"""Erase somebody here and confirm it; let nothing that comes late bring them back."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.notifications.domain.states import FINAL, IN_FLIGHT, REACHED, State
from services.notifications.storage.personal_data import REGISTER
from services.notifications.storage.tables import ContactRow, MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.contracts.applications import ErasureRequested
from shared.contracts.cohorts import ReviewerInvited, SessionPublished
from shared.contracts.notifications import PersonErased
from shared.erasure import erase_leftovers, erased_among, is_erased, mark_erased, was_erased_since
from shared.personal_data import Subject, erase
from shared.service import Handlers

Handler = Callable[[NotificationsUnitOfWork, Any], None]
_STOPPED = [state.value for state in State if state not in FINAL | IN_FLIGHT | REACHED] + [State.UNKNOWN.value]


def erase_person(uow: NotificationsUnitOfWork, event: ErasureRequested) -> None:
    """Stop what waits to be sent, erase names, addresses and words, and confirm. Again: the same again."""
    subject = subject_of(uow, event.person_id)
    _stop(uow, subject)
    found = erase(uow.session, REGISTER, subject)
    erase_leftovers(uow.session, event.person_id, [])
    mark_erased(uow.session, event.person_id, subject.addresses, uow.now)
    uow.publish(PersonErased(erasure_id=event.erasure_id, erased=found.erased, kept=found.kept))


def subject_of(uow: NotificationsUnitOfWork, person_id: UUID) -> Subject:
    """The person with every address that they were ever written to under."""
    contact = uow.session.get(ContactRow, person_id)
    written = uow.session.scalars(select(MessageRow.email).where(MessageRow.person_id == person_id).distinct())
    known = {email for email in (*written, contact.email if contact else "") if email}
    return Subject(person_id, frozenset(known))


def _stop(uow: NotificationsUnitOfWork, subject: Subject) -> None:
    theirs = or_(MessageRow.person_id == subject.person_id, MessageRow.email.in_(sorted(subject.addresses)))
    query = select(MessageRow).where(theirs, MessageRow.state.in_(_STOPPED)).order_by(MessageRow.id)
    for row in uow.session.scalars(query.with_for_update()):
        if row.state == State.UNKNOWN.value and row.next_at is None:
            continue
        row.state, row.next_at, row.finished_at = State.SUPERSEDED.value, None, uow.now
        row.reason = "Its recipient was erased."
    uow.session.flush()


def guarded(handlers: Handlers[NotificationsUnitOfWork]) -> Handlers[NotificationsUnitOfWork]:
    """The same handlers, which write to nobody who was erased."""
    return {
        event: handler if event is ErasureRequested else _unless_erased(handler) for event, handler in handlers.items()
    }


def _unless_erased(handler: Handler) -> Handler:
    def handle(uow: NotificationsUnitOfWork, event: Any) -> None:
        heard = _heard(uow, event)
        if heard is not None:
            handler(uow, heard)

    return handle


def _heard(uow: NotificationsUnitOfWork, event: Any) -> Any:
    """What may still be done about an event; None for nothing."""
    if isinstance(event, ReviewerInvited):
        assert uow.cause is not None  # noqa: S101 - only ever called by a listener
        return None if was_erased_since(uow.session, event.email, uow.cause.time) else event
    if isinstance(event, SessionPublished):
        gone = erased_among(uow.session, [*event.recipients, *event.waiting])
        return replace(
            event,
            recipients=[each for each in event.recipients if each not in gone],
            waiting=[each for each in event.waiting if each not in gone],
        )
    named = {field.name for field in fields(event)} & {"person_id", "officer_id"}
    return None if any(is_erased(uow.session, getattr(event, name)) for name in named) else event
