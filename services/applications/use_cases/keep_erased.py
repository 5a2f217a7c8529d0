"""Events about somebody who was erased, and which come late, change nothing of what is left of them."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.cohorts import ApplicationProgressed, ReviewerInvited
from shared.erasure import is_erased, was_erased_since
from shared.service import Handlers

Handler = Callable[[ApplicationsUnitOfWork, Any], None]


def guarded(handlers: Handlers[ApplicationsUnitOfWork]) -> Handlers[ApplicationsUnitOfWork]:
    """The same handlers, deaf to news of people who were erased."""
    return {event: _unless_erased(handler) for event, handler in handlers.items()}


def _unless_erased(handler: Handler) -> Handler:
    def handle(uow: ApplicationsUnitOfWork, event: Any) -> None:
        heard = _heard(uow, event)
        if heard is not None:
            handler(uow, heard)

    return handle


def _heard(uow: ApplicationsUnitOfWork, event: Any) -> Any:
    """What may still be taken up of an event; None for nothing."""
    if isinstance(event, ReviewerInvited):
        assert uow.cause is not None  # noqa: S101 - only ever called by a listener
        return None if was_erased_since(uow.session, event.email, uow.cause.time) else event
    named = {field.name for field in fields(event)}
    if "person_id" not in named or not is_erased(uow.session, event.person_id):
        return event
    # How an application ended is counted; what was said about it is not kept.
    return replace(event, detail="") if isinstance(event, ApplicationProgressed) else None
