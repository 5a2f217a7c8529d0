"""Staff send a message to themselves, to see it in their own mail program before anybody else gets it."""

from uuid import UUID

from services.notifications.domain.addresses import domain_of
from services.notifications.domain.states import State
from services.notifications.domain.templating.samples import sample_values
from services.notifications.storage.tables import ContactRow, MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.secrets_in_messages import SECRETS
from shared.errors import Conflict, NotFound
from shared.ids import new_id

TEST = "test"
"""What a test is about; it goes whatever the hour and whatever its reader has turned off."""


def send_sample(uow: NotificationsUnitOfWork, to: UUID, kind: str, language: str) -> MessageRow:
    """Send a template with invented values. Raises NotFound, and Conflict while we cannot reach whoever asks."""
    template = uow.templates.in_use(kind, language)
    if template is None:
        raise NotFound("There is no such template.")
    values = invented(uow, kind, language)
    return _send(uow, to, kind, language, uow.templates.keep(template, uow.now), values)


def invented(uow: NotificationsUnitOfWork, kind: str, language: str) -> dict[str, object]:
    """What fills a template for a look: invented values in the programme's own name."""
    return {**sample_values(kind, language), "programme": uow.context.programme}


def send_copy(uow: NotificationsUnitOfWork, to: UUID, message_id: UUID) -> MessageRow:
    """Send what a message says to oneself, with invented links where it holds secrets."""
    row = uow.messages.get(message_id)
    sample = sample_values(row.kind, row.language)
    secrets = {name: sample[name] for name in SECRETS & sample.keys()}
    return _send(uow, to, row.kind, row.language, row.template, {**row.values, **secrets})


def _send(
    uow: NotificationsUnitOfWork, to: UUID, kind: str, language: str, template: str, values: dict[str, object]
) -> MessageRow:
    contact = uow.session.get(ContactRow, to)
    if contact is None:
        raise Conflict("We do not know your own address yet. Try again in a minute.", code="no-address")
    row = MessageRow(
        id=new_id(), event_id=new_id(), recipient=str(to), kind=kind, channel="email", person_id=to,
        name=contact.name, email=contact.email, language=language, template=template, values=values, about=TEST,
        correlation_id="", state=State.QUEUED.value, attempts=0, unknown_retries=0, queued_at=uow.now,
        next_at=uow.now, reason="", domain=domain_of(contact.email),
    )  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    uow.wake()
    return row
