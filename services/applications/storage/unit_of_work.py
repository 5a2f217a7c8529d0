"""The unit of work of this service: shared machinery plus its repositories and what use cases need of the config."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from services.applications.storage.applications import Applications
from services.applications.storage.forms import Forms
from services.applications.storage.interest import Interests
from services.applications.storage.organisations import Organisations
from services.applications.storage.people import People, Sessions, SignIns
from services.applications.storage.rounds import Rounds
from services.applications.storage.sealing import Sealer
from shared.contracts.envelope import Envelope
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Context:
    """What use cases need beside the database."""

    public_url: str
    secret_key: str
    sealer: Sealer


class ApplicationsUnitOfWork(UnitOfWork):
    """People, sign-ins, rounds and applications in one transaction."""

    def __init__(self, session: Session, now: datetime, source: str, cause: Envelope | None, context: Context) -> None:
        super().__init__(session, now, source, cause)
        self.context = context

    @cached_property
    def people(self) -> People:
        """Accounts."""
        return People(self.session)

    @cached_property
    def sign_ins(self) -> SignIns:
        """Requests to sign in."""
        return SignIns(self.session)

    @cached_property
    def sessions(self) -> Sessions:
        """Open sessions."""
        return Sessions(self.session)

    @cached_property
    def rounds(self) -> Rounds:
        """Rounds and their versions."""
        return Rounds(self.session)

    @cached_property
    def forms(self) -> Forms:
        """Forms being built, and their versions."""
        return Forms(self.session)

    @cached_property
    def interests(self) -> Interests:
        """The interest list."""
        return Interests(self.session)

    @cached_property
    def organisations(self) -> Organisations:
        """The register of organisations."""
        return Organisations(self.session)

    @cached_property
    def applications(self) -> Applications:
        """Applications."""
        return Applications(self.session, self.context.sealer)
