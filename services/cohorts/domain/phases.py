"""A panel's phases: preparing, scoring, discussion, closed. The dates decide; nothing has to be switched.

A phase is worked out from the dates and the time of asking, so it is right even while no clock is running. The clock
only tells people about it.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.errors import Conflict, Invalid

PREPARING, SCORING, DISCUSSION, CLOSED = "preparing", "scoring", "discussion", "closed"
ORDER = (PREPARING, SCORING, DISCUSSION, CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """When a panel's phases begin. `scoring_due_at` asks reviewers to be done before the end, which it does not move.

    Without `scoring_opens_at` scoring is open from the start; without `scoring_closes_at` it does not end; without
    `discussion_closes_at` there is no discussion, and the panel closes when scoring does.
    """

    scoring_opens_at: datetime | None = None
    scoring_due_at: datetime | None = None
    scoring_closes_at: datetime | None = None
    discussion_closes_at: datetime | None = None

    def at(self, now: datetime) -> str:
        """The phase at a time."""
        if self.scoring_opens_at is not None and now < self.scoring_opens_at:
            return PREPARING
        if self.scoring_closes_at is None or now < self.scoring_closes_at:
            return SCORING
        if self.discussion_closes_at is not None and now < self.discussion_closes_at:
            return DISCUSSION
        return CLOSED

    def ends_at(self, phase: str) -> datetime | None:
        """When a phase ends; None for one that does not."""
        return {
            PREPARING: self.scoring_opens_at,
            SCORING: self.scoring_closes_at,
            DISCUSSION: self.discussion_closes_at,
        }.get(phase)

    @property
    def asked_by(self) -> datetime | None:
        """The day that reviewers are asked to be done by."""
        return self.scoring_due_at or self.scoring_closes_at

    def turns(self) -> list[tuple[str, datetime]]:
        """Every phase after the first with the time it begins, in order."""
        end = DISCUSSION if self.discussion_closes_at is not None else CLOSED
        wanted = ((SCORING, self.scoring_opens_at), (end, self.scoring_closes_at), (CLOSED, self.discussion_closes_at))
        return [(phase, at) for phase, at in wanted if at is not None]


def check_dates(phases: Phases) -> None:
    """Raise Invalid, by field, where the dates are not in order."""
    opens, due, closes = phases.scoring_opens_at, phases.scoring_due_at, phases.scoring_closes_at
    problems: dict[str, list[str]] = {}
    if opens and closes and closes <= opens:
        problems["review_closes"] = ["Scoring should end after it begins."]
    if due and ((closes and due > closes) or (opens and due <= opens)):
        problems["scoring_due"] = ["Ask reviewers to be done after scoring begins, and not after it ends."]
    if phases.discussion_closes_at and not closes:
        problems["review_closes"] = ["Say when scoring ends: the discussion begins then."]
    elif phases.discussion_closes_at and closes and phases.discussion_closes_at < closes:
        problems["discussion_closes"] = ["The discussion should not end before scoring does."]
    if problems:
        raise Invalid(problems)


def check_reading(phases: Phases, now: datetime) -> None:
    """Raise Conflict (code preparing) while nothing may be read yet."""
    if phases.at(now) == PREPARING:
        raise Conflict("Reading has not begun yet. Your list opens when scoring does.", code="preparing")


def check_scoring(phases: Phases, now: datetime) -> None:
    """Raise Conflict (code preparing or closed) when reviews cannot be written or changed."""
    check_reading(phases, now)
    if phases.at(now) != SCORING:
        raise Conflict("Reviewing has closed for this round, so reviews can no longer be changed.", code="closed")


def check_discussion(phases: Phases, now: datetime) -> None:
    """Raise Conflict (code no-discussion) when the panel is not discussing."""
    if phases.at(now) != DISCUSSION:
        raise Conflict("The panel is not in its discussion phase now.", code="no-discussion")
