"""Messages about review requests and complaints: to who asked, and to the officer."""

from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Wish, person, queue
from shared.contracts.applications import CaseAssigned, CaseClosed, CaseOpened, CaseOverdue


def opened(uow: NotificationsUnitOfWork, event: CaseOpened) -> None:
    """We have it, and answer by then."""
    values = {
        "reference": event.reference,
        "round": event.round_title,
        "deadline": Moment(event.respond_by, event.zone).as_json(),
        "case_url": event.link,
    }
    queue(uow, Wish("case_received", person(uow, event.person_id), values))


def assigned(uow: NotificationsUnitOfWork, event: CaseAssigned) -> None:
    """An officer has something to decide."""
    _to_officer(uow, "case_assigned", event)


def overdue(uow: NotificationsUnitOfWork, event: CaseOverdue) -> None:
    """An officer has let the time pass."""
    _to_officer(uow, "case_overdue", event)


def _to_officer(uow: NotificationsUnitOfWork, kind: str, event: CaseAssigned | CaseOverdue) -> None:
    values = {
        "reference": event.reference,
        "deadline": Moment(event.respond_by, event.zone).as_json(),
        "case_url": event.link,
    }
    queue(uow, Wish(kind, person(uow, event.officer_id), values))


def closed(uow: NotificationsUnitOfWork, event: CaseClosed) -> None:
    """The outcome letter. Nothing to somebody who took it back: they know."""
    if event.letter:
        values = {"reference": event.reference, "letter": event.letter, "case_url": event.link}
        queue(uow, Wish("case_outcome", person(uow, event.person_id), values))
