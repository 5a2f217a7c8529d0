"""A unit of work of the cohorts service: one transaction with this service's repositories."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from services.cohorts.domain.links import Links
from services.cohorts.storage.repositories.applications import Applications
from services.cohorts.storage.repositories.attendance import Attendances
from services.cohorts.storage.repositories.blind import BlindReading
from services.cohorts.storage.repositories.calibration import Calibrations
from services.cohorts.storage.repositories.choosing import Releases, Runs
from services.cohorts.storage.repositories.copies import Deliveries, People, Rounds
from services.cohorts.storage.repositories.discussions import Discussions
from services.cohorts.storage.repositories.drafts import Drafts
from services.cohorts.storage.repositories.lotteries import Lotteries
from services.cohorts.storage.repositories.materials import Materials
from services.cohorts.storage.repositories.meeting import Groups, Places
from services.cohorts.storage.repositories.offers import Offers
from services.cohorts.storage.repositories.panel_rules import OrganisationNames, Terms
from services.cohorts.storage.repositories.panels import Assignments, Panels
from services.cohorts.storage.repositories.phrases import Phrases
from services.cohorts.storage.repositories.record import Record
from services.cohorts.storage.repositories.redactions import Redactions
from services.cohorts.storage.repositories.reviews import Reviews
from services.cohorts.storage.repositories.running import Cohorts, Sessions
from services.cohorts.storage.repositories.shortlist import Shortlist
from services.cohorts.storage.repositories.surveys import SurveyAnswers, Surveys
from services.cohorts.storage.repositories.targets import TargetSets
from services.cohorts.storage.repositories.welcome import Feeds, Signposts, Welcome
from shared.contracts.envelope import Envelope
from shared.unit_of_work import UnitOfWork


class CohortsUnit(UnitOfWork):
    """What this service's use cases work on."""

    def __init__(self, links: Links, session: Session, now: datetime, source: str, cause: Envelope | None) -> None:
        super().__init__(session, now, source, cause)
        self.links = links
        self.people = People(session)
        self.rounds = Rounds(session)
        self.deliveries = Deliveries(session)
        self.applications = Applications(session)
        self.panels = Panels(session)
        self.terms = Terms(session)
        self.organisations = OrganisationNames(session)
        self.assignments = Assignments(session)
        self.drafts = Drafts(session)
        self.reviews = Reviews(session)
        self.blind = BlindReading(session)
        self.discussions = Discussions(session)
        self.redactions = Redactions(session)
        self.calibrations = Calibrations(session)
        self.runs = Runs(session)
        self.target_sets = TargetSets(session)
        self.lotteries = Lotteries(session)
        self.releases = Releases(session)
        self.phrases = Phrases(session)
        self.offers = Offers(session)
        self.cohorts = Cohorts(session)
        self.sessions = Sessions(session)
        self.shortlist = Shortlist(session)
        self.places = Places(session)
        self.attendances = Attendances(session)
        self.groups = Groups(session)
        self.materials = Materials(session)
        self.feeds = Feeds(session)
        self.welcome = Welcome(session)
        self.signposts = Signposts(session)
        self.surveys = Surveys(session)
        self.survey_answers = SurveyAnswers(session)
        self.record = Record(session, now)

    @property
    def sequence(self) -> int:
        """The place of the event that set this off in its subject's order; 0 when no event did."""
        return self.cause.sequence if self.cause else 0


def factory(links: Links) -> Callable[[Session, datetime, str, Envelope | None], CohortsUnit]:
    """Makes units of work whose links go out under the site's origin."""

    def make(session: Session, now: datetime, source: str, cause: Envelope | None) -> CohortsUnit:
        return CohortsUnit(links, session, now, source, cause)

    return make
