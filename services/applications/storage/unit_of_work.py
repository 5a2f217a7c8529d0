"""The unit of work of this service: shared machinery plus its repositories and what use cases need of the config."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from services.applications.storage.applications import Applications
from services.applications.storage.cases import Cases
from services.applications.storage.equality import Equality
from services.applications.storage.extensions import Extensions
from services.applications.storage.files import DatabaseFiles, FileStore
from services.applications.storage.forms import Forms
from services.applications.storage.helping import Helping
from services.applications.storage.interest import Interests
from services.applications.storage.organisations import Organisations
from services.applications.storage.people import People, Sessions, SignIns
from services.applications.storage.rescoring import Rescoring
from services.applications.storage.rounds import Rounds
from services.applications.storage.rules import PriorityRules
from services.applications.storage.scanning import Scan
from services.applications.storage.scores import ScoreStore
from services.applications.storage.sealing import Sealer
from services.applications.storage.their_data import Corrections, DataRequests, EmailChanges, Erasures
from services.applications.storage.uploads import Uploads
from shared.contracts.envelope import Envelope
from shared.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Context:
    """What use cases need beside the database."""

    public_url: str
    secret_key: str
    sealer: Sealer
    files: FileStore | None = None
    """Where to keep files; None keeps them in the database."""
    scan: Scan | None = None
    """The virus scanner, if one is set up."""


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

    @cached_property
    def equality(self) -> Equality:
        """Equality answers, as they may be counted."""
        return Equality(self.session, self.context.sealer)

    @cached_property
    def helping(self) -> Helping:
        """Helpers, typed-in paper, and who changed what."""
        return Helping(self.session)

    @cached_property
    def extensions(self) -> Extensions:
        """Personal deadlines."""
        return Extensions(self.session)

    @cached_property
    def uploads(self) -> Uploads:
        """What is known of files."""
        return Uploads(self.session)

    @cached_property
    def files(self) -> FileStore:
        """Their bytes, sealed."""
        return self.context.files or DatabaseFiles(self.session)

    @cached_property
    def rules(self) -> PriorityRules:
        """Versions, drafts and rescorings of priority rules."""
        return PriorityRules(self.session)

    @cached_property
    def scores(self) -> ScoreStore:
        """Scores of applications."""
        return ScoreStore(self.session)

    @cached_property
    def rescoring(self) -> Rescoring:
        """New scores of whole rounds."""
        return Rescoring(self.session)

    @cached_property
    def data_requests(self) -> DataRequests:
        """Copies of one's data that were asked for."""
        return DataRequests(self.session)

    @cached_property
    def erasures(self) -> Erasures:
        """People who are to be erased, or were."""
        return Erasures(self.session)

    @cached_property
    def email_changes(self) -> EmailChanges:
        """Other addresses that wait to be confirmed."""
        return EmailChanges(self.session)

    @cached_property
    def corrections(self) -> Corrections:
        """Answers put right after sending."""
        return Corrections(self.session)

    @cached_property
    def cases(self) -> Cases:
        """Review requests and complaints."""
        return Cases(self.session)
