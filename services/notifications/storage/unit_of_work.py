"""The unit of work of this service."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.domain.addresses import Address
from services.notifications.domain.templating.publish import Published
from services.notifications.storage.messages import Messages
from services.notifications.storage.tables import ContactRow, SuppressionRow, TemplateRow
from shared.contracts.envelope import Envelope
from shared.errors import NotFound, NotYet
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Context:
    """What use cases need beside the database."""

    public_url: str
    programme: str
    sender: Address
    mail_domain: str


class NotificationsUnitOfWork(UnitOfWork):
    """Contacts, templates and messages in one transaction."""

    def __init__(self, session: Session, now: datetime, source: str, cause: Envelope | None, context: Context) -> None:
        super().__init__(session, now, source, cause)
        self.context = context

    @cached_property
    def messages(self) -> Messages:
        """Every message."""
        return Messages(self.session)

    def contact(self, person_id: UUID) -> ContactRow:
        """How to reach a person; raises NotYet while the event that says so has not arrived."""
        row = self.session.get(ContactRow, person_id)
        if row is None:
            raise NotYet("We do not know yet how to reach this person.")
        return row

    def keep_template(self, published: Published) -> str:
        """Make sure that a template is stored; its hash."""
        if self.session.get(TemplateRow, published.hash) is None:
            self.session.add(
                TemplateRow(
                    hash=published.hash,
                    kind=published.kind,
                    language=published.language,
                    definition=published.as_json(),
                    published_at=self.now,
                )
            )
            self.session.flush()
        return published.hash

    def template(self, hash: str) -> Published:
        """A stored template; raises NotFound."""
        row = self.session.get(TemplateRow, hash)
        if row is None:
            raise NotFound("There is no such template.")
        return Published.from_json(row.definition)

    def is_suppressed(self, email: str) -> bool:
        """Whether this address must not be written to."""
        return self.session.get(SuppressionRow, email) is not None

    def suppress(self, email: str, reason: str) -> None:
        """Stop writing to an address."""
        if not self.is_suppressed(email):
            self.session.add(SuppressionRow(email=email, reason=reason, since=self.now))
