"""What a reviewer sees: their panels, their list, and one application beside their own review."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cohorts.domain import review as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import READY
from services.cohorts.domain.phases import PREPARING, SCORING, Phases, check_reading
from services.cohorts.domain.review import Standing, standing
from services.cohorts.domain.rubric import Criterion, read_rubric
from services.cohorts.storage.repositories.blind import BlindApplication, ListedReview
from services.cohorts.storage.tables import PanelMember, Review, ReviewVersion, Round
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict

_DONE = frozenset({rules.SUBMITTED, rules.ABSTAINED})


@dataclass(frozen=True, slots=True)
class PanelList:
    """One panel of a reviewer, with what is on their list there (empty before they have declared)."""

    member: PanelMember
    round: Round
    phases: Phases
    phase: str
    reviews: list[ListedReview]

    @property
    def declared(self) -> bool:
        """Whether the terms are agreed and conflicts declared."""
        return self.member.state == READY

    @property
    def closes_at(self) -> datetime | None:
        """When scoring ends, if that is settled."""
        return self.phases.scoring_closes_at

    @property
    def done(self) -> int:
        """How many are submitted or abstained from."""
        return sum(review.state in _DONE for review in self.reviews)

    @property
    def next(self) -> ListedReview | None:
        """What to read next: the least reviewed that is not done."""
        return next((r for r in self.reviews if r.state not in _DONE), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """One assigned application, the rubric, and the reviewer's own review.

    `others` is None until their own review is in: nobody sees what others think before they have said it themselves.
    """

    application: BlindApplication
    round_title: str
    zone: str
    rubric: tuple[Criterion, ...]
    review: Review | None
    open: bool
    closes_at: datetime | None
    phase: str
    others: Standing | None
    next_id: UUID | None
    done: int
    total: int

    @property
    def revision(self) -> int:
        """The version of the review that is shown; 0 before the first save."""
        return self.review.revision if self.review else 0


def member_ids(uow: CohortsUnit, actor: Actor) -> list[UUID]:
    """The panel places of a person where they may read: terms agreed, conflicts declared.

    Raises:
        Conflict: they have places, and have declared on none of them (code declaration-needed).
    """
    if actor.person_id is None:
        return []
    members = uow.panels.of_person(actor.person_id)
    ready = [member.id for member in members if member.state == READY]
    if members and not ready:
        raise Conflict("Please agree to the terms and say whom you know, before you read.", code="declaration-needed")
    return ready


def my_panels(uow: CohortsUnit, actor: Actor) -> list[PanelList]:
    """Every panel that a person serves on, with their list."""
    if actor.person_id is None:
        return []
    return [_panel(uow, member) for member in uow.panels.of_person(actor.person_id)]


def _panel(uow: CohortsUnit, member: PanelMember) -> PanelList:
    phases = uow.rounds.phases(member.round_id)
    phase = phases.at(uow.now)
    reviews = uow.blind.listed(member.id) if member.state == READY and phase != PREPARING else []
    # What is still to read comes first; both parts keep their order, the least read first.
    reviews.sort(key=lambda review: review.state in _DONE)
    return PanelList(member, uow.rounds.get(member.round_id), phases, phase, reviews)


def open_review(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> Reading:
    """An application on the person's own list.

    Raises:
        NotFound: it is not on their list.
        Conflict: the terms are not agreed to yet, or reading has not begun (code preparing).
    """
    application = uow.blind.one(assignment_id, member_ids(uow, actor))
    round_ = uow.rounds.get(application.round_id)
    review = uow.reviews.find(assignment_id)
    phases = uow.rounds.phases(application.round_id)
    check_reading(phases, uow.now)
    listed = uow.blind.listed(application.panel_member_id)
    submitted = review is not None and review.state == rules.SUBMITTED
    others = uow.blind.others(application.application_id, application.panel_member_id) if submitted else None
    return Reading(
        application=application,
        round_title=round_.title,
        zone=round_.zone,
        rubric=read_rubric(round_.rubric),
        review=review,
        open=phases.at(uow.now) == SCORING,
        closes_at=phases.scoring_closes_at,
        phase=phases.at(uow.now),
        others=standing(others) if others is not None else None,
        next_id=next(
            (r.assignment_id for r in listed if r.state not in _DONE and r.assignment_id != assignment_id), None
        ),
        done=sum(r.state in _DONE for r in listed),
        total=len(listed),
    )


def my_versions(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> list[ReviewVersion]:
    """What the reviewer handed in before, the newest first."""
    uow.blind.one(assignment_id, member_ids(uow, actor))
    return uow.reviews.versions(assignment_id)
