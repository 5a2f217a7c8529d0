"""The unit of work of this service."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.domain.addresses import Address
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.messages import Messages
from services.notifications.storage.previews import Previews
from services.notifications.storage.send_queue import SendQueue
from services.notifications.storage.sessions import Sessions
from services.notifications.storage.tables import ContactRow, SuppressionRow
from services.notifications.storage.templates import Templates
from shared.contracts.envelope import Envelope
from shared.errors import NotYet
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Context:
    """What use cases need beside the database."""

    public_url: str
    programme: str
    sender: Address
    mail_domain: str


class NotificationsUnitOfWork(UnitOfWork):
    """Contacts, templates, sessions and messages in one transaction."""

    def __init__(self, session: Session, now: datetime, source: str, cause: Envelope | None, context: Context) -> None:
        super().__init__(session, now, source, cause)
        self.context = context

    @cached_property
    def messages(self) -> Messages:
        """Every message."""
        return Messages(self.session)

    @cached_property
    def send_queue(self) -> SendQueue:
        """Every message, as those who send see them."""
        return SendQueue(self.session)

    @cached_property
    def previews(self) -> Previews:
        """Messages that were only looked at."""
        return Previews(self.session)

    @cached_property
    def sessions(self) -> Sessions:
        """Every session, and what people were told of it."""
        return Sessions(self.session)

    @cached_property
    def templates(self) -> Templates:
        """Every published template."""
        return Templates(self.session)

    def contacts(self, people: Iterable[UUID]) -> dict[UUID, ContactRow]:
        """How to reach these people; raises NotYet while the event that says so has not arrived for one of them."""
        wanted = set(people)
        rows = self.session.scalars(select(ContactRow).where(ContactRow.person_id.in_(wanted))) if wanted else ()
        found = {row.person_id: row for row in rows}
        if missing := len(wanted - found.keys()):
            raise NotYet(f"We do not know yet how to reach {missing} of these people.")
        return found

    def suppressed(self, emails: Collection[str]) -> set[str]:
        """Those of these addresses that must not be written to, as they were given."""
        folded = {email.casefold() for email in emails}
        found = self.session.scalars(select(SuppressionRow.email).where(SuppressionRow.email.in_(folded)))
        known = set(found) if folded else set()
        return {email for email in emails if email.casefold() in known}

    def suppress(self, email: str, reason: str) -> None:
        """Stop writing to an address, however its letters are written."""
        values = {"email": email.casefold(), "reason": reason, "since": self.now}
        self.session.execute(insert_new(self.session, SuppressionRow), values)
