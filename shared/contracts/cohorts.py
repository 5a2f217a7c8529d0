"""What the cohorts service publishes."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, contract


@contract("cohorts.reviewer_invited", subject="panel_member_id")
@dataclass(frozen=True, kw_only=True)
class ReviewerInvited(Event):
    """Staff asked somebody to join a round's panel. The applications service gives them an account."""

    panel_member_id: UUID
    round_id: UUID
    round_title: str
    name: str
    email: str
    language: str


@contract("cohorts.reviews_assigned", subject="panel_member_id")
@dataclass(frozen=True, kw_only=True)
class ReviewsAssigned(Event):
    """A reviewer has applications to read. `count` is the number now on their list, `due` the day to be done by."""

    panel_member_id: UUID
    person_id: UUID
    round_id: UUID
    round_title: str
    count: int
    link: str
    due: datetime | None = None
    zone: str = ""


@contract("cohorts.reviewer_reminder_due", subject="panel_member_id")
@dataclass(frozen=True, kw_only=True)
class ReviewerReminderDue(Event):
    """A reviewer has something left to do.

    `reason` is one of: not_declared, not_started, soon, overdue, last, asked (by staff). `left` of `count` reviews are
    to be done by `due`, if there is such a day.
    """

    panel_member_id: UUID
    person_id: UUID
    round_id: UUID
    round_title: str
    reason: str
    left: int
    count: int
    due: datetime | None
    zone: str
    link: str


@contract("cohorts.panel_terms_changed", subject="panel_member_id")
@dataclass(frozen=True, kw_only=True)
class PanelTermsChanged(Event):
    """A panel has new terms, and this reviewer, who agreed to older ones, agrees anew before they read on."""

    panel_member_id: UUID
    person_id: UUID
    round_id: UUID
    round_title: str
    version: int
    link: str


@contract("cohorts.discussion_continued", subject="panel_member_id")
@dataclass(frozen=True, kw_only=True)
class DiscussionContinued(Event):
    """Others wrote `posts` times since yesterday, in `threads` discussions that this reviewer takes part in.

    At most one a day for each member. Nothing of what was said, nor of whom, is in it.
    """

    panel_member_id: UUID
    person_id: UUID
    round_id: UUID
    round_title: str
    posts: int
    threads: int
    closes_at: datetime
    zone: str
    link: str


@contract("cohorts.application_progressed", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationProgressed(Event):
    """Where an application stands, for its owner's status page.

    `stage` is one of: under_review, decided, offered, waitlisted, unsuccessful, accepted, declined, lapsed.
    """

    application_id: UUID
    round_id: UUID
    person_id: UUID
    stage: str
    detail: str = ""


@contract("cohorts.decision_released", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class DecisionReleased(Event):
    """The decision that its owner is now told. `outcome` is offered, waitlisted or unsuccessful.

    `offer_id`, `offer_link` (a secret) and `respond_by` are set for offers only.
    """

    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    reference: str
    outcome: str
    feedback: str
    zone: str
    offer_id: UUID | None = None
    offer_link: str | None = None
    respond_by: datetime | None = None


@contract("cohorts.offer_reminder_due", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class OfferReminderDue(Event):
    """An offer waits for its answer and the deadline comes near."""

    offer_id: UUID
    application_id: UUID
    round_title: str
    person_id: UUID
    reference: str
    offer_link: str
    respond_by: datetime
    zone: str


@contract("cohorts.offer_answered", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class OfferAnswered(Event):
    """An offer was accepted or declined (`answer`)."""

    offer_id: UUID
    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    reference: str
    answer: str
    answered_at: datetime


@contract("cohorts.offer_lapsed", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class OfferLapsed(Event):
    """The deadline passed without an answer, and a person confirmed that the place may go to somebody else."""

    offer_id: UUID
    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    reference: str
    respond_by: datetime
    zone: str


@contract("cohorts.participant_enrolled", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ParticipantEnrolled(Event):
    """Somebody is now a participant of a cohort."""

    person_id: UUID
    cohort_id: UUID
    cohort_title: str
    application_id: UUID
    round_id: UUID


@contract("cohorts.session_published", subject="session_id")
@dataclass(frozen=True, kw_only=True)
class SessionPublished(Event):
    """The whole state of a session after scheduling, moving, cancelling or a change of who is invited or waits.

    `uid` stays for the session's life; `calendar_sequence` is the iCalendar SEQUENCE; `status` is scheduled or
    cancelled; `waiting` are those who wait for a place, who waits longest first.
    """

    session_id: UUID
    cohort_id: UUID
    cohort_title: str
    uid: str
    calendar_sequence: int
    status: str
    title: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    link: str
    access_notes: str
    recipients: list[UUID]
    facilitator: str = ""
    waiting: list[UUID] = field(default_factory=list)


@contract("cohorts.survey_invited", subject="survey_id")
@dataclass(frozen=True, kw_only=True)
class SurveyInvited(Event):
    """Somebody is asked to answer a survey. `link` is theirs; `minutes` is about how long it takes, if that is known.

    In an `anonymous` survey the link says nothing about who follows it; `anonymous_note` says so in the person's
    language.
    """

    survey_id: UUID
    person_id: UUID
    title: str
    link: str
    minutes: int | None = None
    closes_at: datetime | None = None
    zone: str = "Europe/London"
    anonymous: bool = False
    anonymous_note: str = ""


@contract("cohorts.survey_reminder_due", subject="survey_id")
@dataclass(frozen=True, kw_only=True)
class SurveyReminderDue(Event):
    """A survey closes soon, and somebody who is asked had not answered it. The fields are those of `SurveyInvited`."""

    survey_id: UUID
    person_id: UUID
    title: str
    link: str
    minutes: int | None = None
    closes_at: datetime | None = None
    zone: str = "Europe/London"
    anonymous: bool = False
    anonymous_note: str = ""


@contract("cohorts.session_reminder_due", subject="session_id")
@dataclass(frozen=True, kw_only=True)
class SessionReminderDue(Event):
    """A session begins in `minutes_before` minutes; it is still the one published with `calendar_sequence`."""

    session_id: UUID
    calendar_sequence: int
    minutes_before: int


@contract("cohorts.lottery_published", subject="lottery_id")
@dataclass(frozen=True, kw_only=True)
class LotteryPublished(Event):
    """A public lottery of a round: `state` is promised, worked_out, drawn or ended. `link` is its public page."""

    lottery_id: UUID
    round_id: UUID
    title: str
    state: str
    link: str


@contract("cohorts.personal_data_gathered", subject="request_id")
@dataclass(frozen=True, kw_only=True)
class PersonalDataGathered(Event):
    """One of `parts` pieces of what this service holds on somebody, sealed for the key of their request."""

    request_id: UUID
    part: int
    parts: int
    sealed: str


@contract("cohorts.person_erased", subject="erasure_id")
@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """This service has erased somebody. `erased` maps a kind of data to how many rows went; `kept` maps a reason to
    how many rows stay without anything of theirs."""

    erasure_id: UUID
    erased: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
