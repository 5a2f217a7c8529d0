"""Every table of the cohorts service, by the room of the work it belongs to."""

from services.cohorts.storage.tables.base import Base
from services.cohorts.storage.tables.calibration import CalibratedScore, CalibrationRun
from services.cohorts.storage.tables.cases import CaseMark
from services.cohorts.storage.tables.choosing import Decision, FeedbackPhrase, Release, SelectedPerson, SelectionRun
from services.cohorts.storage.tables.copies import Application, ApplicationIdentity, Delivery, Person, Round, RoundPlan
from services.cohorts.storage.tables.lotteries import LotteryDraw
from services.cohorts.storage.tables.meeting import (
    Attendance,
    CalendarFeed,
    Group,
    GroupMember,
    Material,
    MaterialContent,
    SessionPlace,
)
from services.cohorts.storage.tables.offers import Offer
from services.cohorts.storage.tables.panels import (
    Assignment,
    AssignmentDraft,
    Conflict,
    OrganisationName,
    PanelMember,
    PanelTerms,
    TermsAcceptance,
)
from services.cohorts.storage.tables.reading import DiscussionPost, Redaction, ReviewNote
from services.cohorts.storage.tables.record import RecordEntry, RecordHead
from services.cohorts.storage.tables.reviews import Review, ReviewVersion
from services.cohorts.storage.tables.running import Cohort, Participant, ProgrammeSession, SessionInvitation
from services.cohorts.storage.tables.shortlist import SavedView, ShortlistMark
from services.cohorts.storage.tables.surveys import AnonymousAnswer, Survey, SurveyAnswer, SurveyInvitation
from services.cohorts.storage.tables.targets import TargetSet
from services.cohorts.storage.tables.welcome import Signpost, WelcomeAcknowledgement, WelcomePack
from shared.data_tables import add_data_tables
from shared.messaging.tables import add_messaging_tables

add_messaging_tables(Base.metadata)
add_data_tables(Base.metadata)
metadata = Base.metadata

__all__ = [
    "AnonymousAnswer",
    "Application",
    "ApplicationIdentity",
    "Assignment",
    "AssignmentDraft",
    "Attendance",
    "Base",
    "CalendarFeed",
    "CalibratedScore",
    "CalibrationRun",
    "CaseMark",
    "Cohort",
    "Conflict",
    "Decision",
    "Delivery",
    "DiscussionPost",
    "FeedbackPhrase",
    "Group",
    "GroupMember",
    "LotteryDraw",
    "Material",
    "MaterialContent",
    "Offer",
    "OrganisationName",
    "PanelMember",
    "PanelTerms",
    "Participant",
    "Person",
    "ProgrammeSession",
    "RecordEntry",
    "RecordHead",
    "Redaction",
    "Release",
    "Review",
    "ReviewNote",
    "ReviewVersion",
    "Round",
    "RoundPlan",
    "SavedView",
    "SelectedPerson",
    "SelectionRun",
    "SessionInvitation",
    "SessionPlace",
    "ShortlistMark",
    "Signpost",
    "Survey",
    "SurveyAnswer",
    "SurveyInvitation",
    "TargetSet",
    "TermsAcceptance",
    "WelcomeAcknowledgement",
    "WelcomePack",
    "metadata",
]
