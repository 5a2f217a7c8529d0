"""The unit of work of this service."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.domain.addresses import Address
from services.notifications.domain.signing import return_path, seal
from services.notifications.storage.batches import Batches
from services.notifications.storage.bounces import Bounces
from services.notifications.storage.history import History
from services.notifications.storage.messages import Messages
from services.notifications.storage.news import News
from services.notifications.storage.previews import Previews
from services.notifications.storage.send_queue import SendQueue
from services.notifications.storage.sessions import Sessions
from services.notifications.storage.suppressions import Suppression, Suppressions
from services.notifications.storage.tables import ContactRow
from services.notifications.storage.template_versions import TemplateVersions
from services.notifications.storage.templates import Templates
from services.notifications.storage.wishes import SendingSettings, Wishes
from shared.contracts.envelope import Envelope
from shared.database import one_of
from shared.errors import NotFound, NotYet
from shared.unit_of_work import UnitOfWork

PREFERENCES = "preferences"


@dataclass(frozen=True)
class Context:
    """What use cases need beside the database."""

    public_url: str
    programme: str
    sender: Address
    mail_domain: str
    secret: str = field(default="", repr=False)
    """Signs links and return paths."""
    bounce_address: str = ""
    """The mailbox that takes in bounces; without it they go to the sender's."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Receiving domain -> messages a minute; `*` is every other one."""
    dry_run: bool = False
    """Nothing leaves at all, whatever staff set."""

    def preferences_url(self, person_id: UUID) -> str:
        """Where somebody chooses what they get, without signing in."""
        return f"{self.public_url}/notifications/preferences/{seal(self.secret, PREFERENCES, person_id)}"

    def unsubscribe_url(self, person_id: UUID, category: str) -> str:
        """Where somebody turns one category off: by POST at once (RFC 8058), by GET after a look."""
        return f"{self.public_url}/notifications/unsubscribe/{seal(self.secret, PREFERENCES, person_id)}/{category}"

    def return_path(self, message_id: UUID) -> str:
        """Where reports about a message go."""
        if not self.bounce_address:
            return self.sender.email
        return return_path(self.secret, self.bounce_address, message_id)


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

    @cached_property
    def template_versions(self) -> TemplateVersions:
        """Staff's versions of templates, and the texts they work on."""
        return TemplateVersions(self.session)

    @cached_property
    def history(self) -> History:
        """What happened to messages."""
        return History(self.session)

    @cached_property
    def bounces(self) -> Bounces:
        """Reports that came back."""
        return Bounces(self.session)

    @cached_property
    def suppressions(self) -> Suppressions:
        """Addresses that must not be written to."""
        return Suppressions(self.session)

    @cached_property
    def wishes(self) -> Wishes:
        """What people want to get."""
        return Wishes(self.session)

    @cached_property
    def settings(self) -> SendingSettings:
        """The programme's settings for sending."""
        return SendingSettings(self.session)

    @cached_property
    def news(self) -> News:
        """What the digest tells."""
        return News(self.session)

    @cached_property
    def batches(self) -> Batches:
        """Messages held together."""
        return Batches(self.session)

    def contacts(self, people: Iterable[UUID]) -> dict[UUID, ContactRow]:
        """How to reach these people; raises NotYet while the event that says so has not arrived for one of them."""
        wanted = set(people)
        theirs = one_of(self.session, ContactRow.person_id, wanted)
        rows = self.session.scalars(select(ContactRow).where(theirs)) if wanted else ()
        found = {row.person_id: row for row in rows}
        if missing := len(wanted - found.keys()):
            raise NotYet(f"We do not know yet how to reach {missing} of these people.")
        return found

    def person_at(self, email: str) -> UUID:
        """Whose account has this address; raises NotFound."""
        query = select(ContactRow.person_id).where(func.lower(ContactRow.email) == email.strip().casefold())
        found = self.session.scalars(query).first()
        if found is None:
            raise NotFound("There is no account with this address.")
        return found

    def roles(self, people: Collection[UUID]) -> dict[UUID, list[str]]:
        """What these people are, of those we know."""
        if not people:
            return {}
        theirs = one_of(self.session, ContactRow.person_id, people)
        query = select(ContactRow.person_id, ContactRow.roles).where(theirs)
        return {person_id: roles or [] for person_id, roles in self.session.execute(query)}

    def suppress(self, email: str, reason: str) -> None:
        """Stop writing to an address that a server says is none."""
        self.suppressions.add([Suppression(email, reason, "server")], self.now)
