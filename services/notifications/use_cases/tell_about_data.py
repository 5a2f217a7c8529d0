"""Messages about one's own data: a copy that is ready, an address that changes, an erasure that is done."""

from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Recipient, Wish, person, queue
from services.notifications.use_cases.tell_applicants import MINUTE
from shared.contracts.applications import EmailChanged, EmailChangeRequested, ErasureCompleted, PersonalDataReady


def data_ready(uow: NotificationsUnitOfWork, event: PersonalDataReady) -> None:
    """The copy they asked for can be fetched."""
    values = {"data_url": event.link, "until": Moment(event.expires_at).as_json()}
    queue(uow, Wish("data_ready", person(uow, event.person_id), values, until=event.expires_at))


def erasure_done(uow: NotificationsUnitOfWork, event: ErasureCompleted) -> None:
    """The certificate, to the address that the event brings: it is forgotten when the message is over."""
    recipient = Recipient(event.email, event.name, event.language)
    values = {"reference": event.reference, "certificate_url": event.certificate_link}
    queue(uow, Wish("erasure_done", recipient, values))


def email_change(uow: NotificationsUnitOfWork, event: EmailChangeRequested) -> None:
    """Is this address yours? To the new one."""
    known = person(uow, event.person_id)
    minutes = max(1, round((event.expires_at - uow.now).total_seconds() / MINUTE))
    values = {"confirm_url": event.link, "minutes": str(minutes)}
    recipient = Recipient(event.email, known.name, known.language, event.person_id)
    queue(uow, Wish("email_change", recipient, values, until=event.expires_at))


def email_changed(uow: NotificationsUnitOfWork, event: EmailChanged) -> None:
    """We write to you elsewhere now. To the former address, in case it was not them."""
    known = person(uow, event.person_id)
    recipient = Recipient(event.former_email, known.name, known.language, event.person_id)
    queue(uow, Wish("email_changed", recipient, {}))
