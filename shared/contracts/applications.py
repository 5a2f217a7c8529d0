"""What the applications service publishes. Each event carries the least personal data that its listeners need."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.base import Event, contract

NO_ADDRESS = "no-address.invalid"
"""The domain of somebody who applied on paper and has no email address: nothing is ever sent there."""


@contract("applications.person_registered", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    """A person now has an account. Listeners keep the state with the highest sequence number."""

    person_id: UUID
    name: str
    email: str
    language: str
    roles: list[str]


@contract("applications.person_changed", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """The whole state of a person after a change of name, address, language or roles."""

    person_id: UUID
    name: str
    email: str
    language: str
    roles: list[str]


@contract("applications.sign_in_requested", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class SignInRequested(Event):
    """Somebody asked to sign in. `link` and `code` are secrets that live for minutes.

    The address comes with the event, since the account may not exist yet: it is made when the request is claimed.
    """

    person_id: UUID
    request_id: UUID
    email: str
    name: str
    language: str
    link: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value and how it is shown."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """A question as a reader of answers needs it: only those marked visible in blind review are sent."""

    id: str
    label: str
    kind: str
    section: str
    options: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AttributeView:
    """An attribute that targets may speak of, with its possible values in order."""

    id: str
    label: str
    values: list[Choice]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One line of the rubric. `anchors` describe the scores 1, 2, 3 ... in order; `weight` is relative.

    `independent`: to be scored without looking at the other lines.
    """

    id: str
    label: str
    description: str
    weight: float
    anchors: list[str]
    independent: bool = True


@contract("applications.round_published", subject="round_id")
@dataclass(frozen=True, kw_only=True)
class RoundPublished(Event):
    """The whole state of a round, sent at every change: draft, open, paused, closed or archived."""

    round_id: UUID
    slug: str
    title: str
    state: str
    opens_at: datetime
    closes_at: datetime
    zone: str
    form_version: int
    rules_version: int
    questions: list[QuestionView]
    attributes: list[AttributeView]
    rubric: list[Criterion]


@contract("applications.application_started", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationStarted(Event):
    """A draft was begun. `resume_link` is a secret that brings its owner back."""

    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    resume_link: str
    closes_at: datetime
    zone: str


@contract("applications.draft_reminder_due", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class DraftReminderDue(Event):
    """The deadline comes near and the draft is not submitted. `days_left` is one of the round's reminder steps."""

    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    resume_link: str
    closes_at: datetime
    zone: str
    days_left: int


@contract("applications.deadline_extended", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(Event):
    """One person was given more time in a round. `closes_at` is the last minute that is in time; they read `reason`."""

    person_id: UUID
    round_id: UUID
    round_title: str
    closes_at: datetime
    zone: str
    reason: str
    link: str


@contract("applications.helper_invited", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class HelperInvited(Event):
    """An applicant asked somebody to help with the form. The helper may have no account; `link` asks for a sign-in."""

    application_id: UUID
    helper_id: UUID
    person_id: UUID
    applicant: str
    email: str
    name: str
    language: str
    round_title: str
    may_submit: bool
    link: str


@contract("applications.helper_ended", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class HelperEnded(Event):
    """Somebody may not help any more. `ended_by` is applicant, helper or sent."""

    application_id: UUID
    helper_id: UUID
    person_id: UUID
    applicant: str
    email: str
    name: str
    language: str
    round_title: str
    ended_by: str


@contract("applications.application_submitted", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Event):
    """An application is in: what the receipt says, and no answers."""

    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    reference: str
    submitted_at: datetime
    status_link: str


@contract("applications.application_ready_for_review", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationReadyForReview(Event):
    """What choosing needs. `visible` may be shown to a blind panel; `identifying` is kept apart from it.

    `attributes` are the values that targets speak of. Equality, contact and access answers are never in here.
    """

    application_id: UUID
    round_id: UUID
    person_id: UUID
    reference: str
    submitted_at: datetime
    language: str
    visible: dict[str, Any]
    attributes: dict[str, Any]
    identifying: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ScoreLine:
    """One line of a breakdown; the lines of an application add up to its score."""

    rule: str
    label: str
    points: float


@contract("applications.application_scored", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationScored(Event):
    """The published rules gave this application its priority score."""

    application_id: UUID
    round_id: UUID
    rules_version: int
    score: float
    breakdown: list[ScoreLine]


@dataclass(frozen=True, kw_only=True)
class ScoreEntry:
    """One application's new score in a rescored round."""

    application_id: UUID
    score: float
    breakdown: list[ScoreLine]


@contract("applications.scores_published", subject="round_id")
@dataclass(frozen=True, kw_only=True)
class ScoresPublished(Event):
    """A batch of a whole round's new scores; `batch` counts from 1 to `batches`."""

    round_id: UUID
    rules_version: int
    batch: int
    batches: int
    scores: list[ScoreEntry]


@dataclass(frozen=True, kw_only=True)
class RescoredLine:
    """A rule or a cap of the rules that a round was scored by, in their order."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ScoreGroup:
    """Applications with the same breakdown: `points` follow the event's `lines` and add up to `score`."""

    score: float
    points: list[int]
    applications: list[UUID]


@contract("applications.round_rescored", subject="round_id")
@dataclass(frozen=True, kw_only=True)
class RoundRescored(Event):
    """A batch of a whole round's new scores; `batch` counts from 1 to `batches`, and the last puts them in force.

    Equal breakdowns are said once, so that a listener can keep each with one statement.
    """

    round_id: UUID
    rules_version: int
    batch: int
    batches: int
    lines: list[RescoredLine]
    groups: list[ScoreGroup]


@contract("applications.application_withdrawn", subject="application_id")
@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(Event):
    """The applicant took the application back."""

    application_id: UUID
    round_id: UUID
    round_title: str
    person_id: UUID
    reference: str


@contract("applications.interest_registered", subject="interest_id")
@dataclass(frozen=True, kw_only=True)
class InterestRegistered(Event):
    """An address asked to hear when a round opens. `confirm_link` is a secret that only its owner gets to see."""

    interest_id: UUID
    email: str
    language: str
    confirm_link: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class InterestedPerson:
    """An address on the interest list; `leave_link` is a secret that takes it off."""

    email: str
    language: str
    leave_link: str


@contract("applications.round_announced", subject="round_id")
@dataclass(frozen=True, kw_only=True)
class RoundAnnounced(Event):
    """A round was opened, paused or resumed (`what`), and these people asked to hear. One event for some of them.

    `titles` holds the round's title by language; `closes_at` is the last minute that is in time.
    """

    round_id: UUID
    what: str
    titles: dict[str, str]
    round_link: str
    closes_at: datetime
    zone: str
    people: list[InterestedPerson]


@contract("applications.organisations_merged", subject="organisation_id")
@dataclass(frozen=True, kw_only=True)
class OrganisationsMerged(Event):
    """What is now called `name` went by any of `names`: two organisations were one, or one was given another name."""

    organisation_id: UUID
    name: str
    names: list[str]


@contract("applications.personal_data_requested", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class PersonalDataRequested(Event):
    """Somebody asked for a copy of everything held on them. Each service answers with its part, sealed for the key."""

    person_id: UUID
    request_id: UUID
    public_key: str


@contract("applications.personal_data_ready", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class PersonalDataReady(Event):
    """The copy can be fetched, by its owner alone, until `expires_at`."""

    person_id: UUID
    request_id: UUID
    link: str
    expires_at: datetime


@contract("applications.erasure_requested", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class ErasureRequested(Event):
    """Everything about this person is to be erased, for good. Each service does so and confirms."""

    person_id: UUID
    erasure_id: UUID


@contract("applications.erasure_completed", subject="erasure_id")
@dataclass(frozen=True, kw_only=True)
class ErasureCompleted(Event):
    """All three services have erased somebody. The address comes with the event, since nobody keeps it any more:
    whoever sends the certificate forgets it then."""

    erasure_id: UUID
    email: str
    name: str
    language: str
    reference: str
    certificate_link: str


@contract("applications.email_change_requested", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class EmailChangeRequested(Event):
    """Somebody wants to be written to at `email`. `link` is a secret that only its reader gets."""

    person_id: UUID
    change_id: UUID
    email: str
    link: str
    expires_at: datetime


@contract("applications.email_changed", subject="person_id")
@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """Somebody is now written to elsewhere; `former_email` is told, in case it was not them."""

    person_id: UUID
    change_id: UUID
    former_email: str


@contract("applications.case_opened", subject="case_id")
@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """Somebody asked for a decision to be looked at again (`review`), or complained (`complaint`)."""

    case_id: UUID
    kind: str
    reference: str
    round_id: UUID
    round_title: str
    person_id: UUID
    application_id: UUID | None
    respond_by: datetime
    zone: str
    link: str


@contract("applications.case_assigned", subject="case_id")
@dataclass(frozen=True, kw_only=True)
class CaseAssigned(Event):
    """An officer has a case to decide."""

    case_id: UUID
    kind: str
    reference: str
    officer_id: UUID
    respond_by: datetime
    zone: str
    link: str


@contract("applications.case_overdue", subject="case_id")
@dataclass(frozen=True, kw_only=True)
class CaseOverdue(Event):
    """A case was not answered in time; its officer is reminded."""

    case_id: UUID
    reference: str
    officer_id: UUID
    respond_by: datetime
    zone: str
    link: str


@contract("applications.case_closed", subject="case_id")
@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """A case has its outcome: upheld, partly, not_upheld or withdrawn. `letter` is what its owner is told; it is empty
    when they took it back themselves."""

    case_id: UUID
    kind: str
    reference: str
    round_id: UUID
    person_id: UUID
    application_id: UUID | None
    outcome: str
    letter: str
    link: str
