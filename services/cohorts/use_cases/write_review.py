"""Write a review: saved as typed, handed in, reopened until scoring closes, abstained from, revised in discussion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain import review as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.phases import DISCUSSION, SCORING, check_discussion, check_scoring
from services.cohorts.domain.revision import step
from services.cohorts.domain.rubric import Criterion, draft_problems, kept_scores, overall, read_rubric, submit_problems
from services.cohorts.storage.repositories.blind import BlindApplication
from services.cohorts.storage.tables import Review, ReviewVersion
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.rank_applications import count_reviews
from services.cohorts.use_cases.read_reviews import member_ids
from shared.errors import Conflict, Invalid

SET_ASIDE, REVISED = "set_aside", "revised"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a reviewer wrote. `scores` maps a criterion to {"score": 1-5 or None, "reason": text}."""

    scores: Mapping[str, Mapping[str, Any]]
    comment: str = ""
    flagged: bool = False
    flag_reason: str = ""


def save_draft(uow: CohortsUnit, actor: Actor, assignment_id: UUID, written: Written, revision: int | None) -> Review:
    """Keep a review as it stands. `revision` is the version it was typed over, 0 for the first.

    Raises:
        Stale: another window saved since; what it saved is kept.
        Invalid: a score or a text is out of bounds.
        Conflict: the review is handed in, or reviewing has closed.
        NotFound: the application is not on this reviewer's list.
    """
    review, rubric = _editable(uow, actor, assignment_id)
    rules.check_state(review.state, [rules.DRAFT])
    step(review, revision)
    _write(uow, review, rubric, written)
    return review


def submit_review(
    uow: CohortsUnit, actor: Actor, assignment_id: UUID, written: Written, revision: int | None
) -> Review:
    """Save and hand in: every criterion has a score and a reason. Raises as `save_draft` does."""
    review, rubric = _editable(uow, actor, assignment_id)
    rules.check_state(review.state, [rules.DRAFT])
    step(review, revision)
    _write(uow, review, rubric, written)
    problems = submit_problems(rubric, review.scores)
    if problems:
        raise Invalid(problems, "This review is not complete yet. What you wrote is not lost.")
    review.state, review.submitted_at = rules.SUBMITTED, uow.now
    review.overall = overall(rubric, review.scores)
    _keep_version(uow, review, "submitted")
    count_reviews(uow, review.application_id)
    return review


def reopen_review(uow: CohortsUnit, actor: Actor, assignment_id: UUID, revision: int | None) -> Review:
    """Take a review back to change it, or take an abstention back. It does not count until it is handed in again."""
    review, _ = _editable(uow, actor, assignment_id)
    rules.check_state(review.state, [rules.SUBMITTED, rules.ABSTAINED])
    step(review, revision)
    _keep_version(uow, review, "reopened")
    review.state, review.submitted_at, review.overall = rules.DRAFT, None, None
    count_reviews(uow, review.application_id)
    return review


def abstain(uow: CohortsUnit, actor: Actor, assignment_id: UUID, reason: str, revision: int | None) -> Review:
    """Say that one will not score this application, and why.

    Raises:
        Invalid: there is no reason.
    """
    if not reason.strip():
        raise Invalid({"reason": ["Say in a few words why you will not score it."]})
    review, _ = _editable(uow, actor, assignment_id)
    rules.check_state(review.state, [rules.DRAFT])
    step(review, revision)
    if review.comment:
        _keep_version(uow, review, SET_ASIDE)
    review.state, review.comment, review.submitted_at = rules.ABSTAINED, reason.strip()[: rules.COMMENT_LIMIT], uow.now
    _keep_version(uow, review, "abstained")
    return review


def set_aside(uow: CohortsUnit, actor: Actor, assignment_id: UUID, written: Written) -> None:
    """Keep both sides of two windows: what is stored now, and what was typed over an older version of it.

    Whichever the reviewer goes on with, the other is in their own history.
    """
    review, rubric = _editable(uow, actor, assignment_id)
    scores = kept_scores(rubric, written.scores)
    typed = (scores, written.comment.strip()[: rules.COMMENT_LIMIT])
    for content in ((review.scores, review.comment), typed):
        if content != ({}, "") and content not in _set_aside_before(uow, assignment_id):
            uow.reviews.add(_version(uow, review, SET_ASIDE, content))
            uow.session.flush()


def _set_aside_before(uow: CohortsUnit, assignment_id: UUID) -> list[tuple[Mapping[str, Any], str]]:
    return [(v.scores, v.comment) for v in uow.reviews.versions(assignment_id) if v.action == SET_ASIDE]


def revise_review(
    uow: CohortsUnit, actor: Actor, assignment_id: UUID, written: Written, why: str, revision: int | None
) -> Review:
    """Change a handed-in review in the discussion: it goes on counting, and the change is kept with its reason.

    Raises:
        Invalid: a score, a reason, or the reason for the change is missing.
        Conflict: the panel is not discussing, or this review is not handed in.
        Stale: another window changed it since.
    """
    reading = uow.blind.one(assignment_id, member_ids(uow, actor))
    check_discussion(uow.rounds.phases(reading.round_id), uow.now)
    uow.assignments.get(assignment_id, lock=True)
    review = uow.reviews.find(assignment_id, lock=True)
    if review is None:
        raise Conflict("Only those whose own review is in take part in the discussion.", code="own-review-first")
    rules.check_state(review.state, [rules.SUBMITTED])
    rubric = read_rubric(uow.rounds.get(reading.round_id).rubric)
    problems = submit_problems(rubric, kept_scores(rubric, written.scores))
    if not why.strip():
        problems["why"] = ["Say what in the discussion changed your mind."]
    if problems:
        raise Invalid(problems)
    step(review, revision)
    _write(uow, review, rubric, written)
    review.overall = overall(rubric, review.scores)
    uow.reviews.add(_version(uow, review, REVISED, (review.scores, review.comment), why.strip()[:400], DISCUSSION))
    count_reviews(uow, review.application_id)
    return review


def _editable(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> tuple[Review, tuple[Criterion, ...]]:
    reading = uow.blind.one(assignment_id, member_ids(uow, actor))
    check_scoring(uow.rounds.phases(reading.round_id), uow.now)
    # The lock on the assignment makes two windows take turns even before there is a review to lock.
    uow.assignments.get(assignment_id, lock=True)
    review = uow.reviews.find(assignment_id, lock=True) or _begin(uow, reading)
    return review, read_rubric(uow.rounds.get(reading.round_id).rubric)


def _begin(uow: CohortsUnit, reading: BlindApplication) -> Review:
    review = Review(
        assignment_id=reading.assignment_id,
        round_id=reading.round_id,
        application_id=reading.application_id,
        panel_member_id=reading.panel_member_id,
        state=rules.DRAFT,
        scores={},
        comment="",
        flagged=False,
        flag_reason="",
        saved_at=uow.now,
        revision=0,
    )
    uow.reviews.add(review)
    return review


def _write(uow: CohortsUnit, review: Review, rubric: tuple[Criterion, ...], written: Written) -> None:
    scores = kept_scores(rubric, written.scores)
    problems = draft_problems(rubric, scores)
    if len(written.comment) > rules.COMMENT_LIMIT:
        problems["comment"] = [f"Keep the comment under {rules.COMMENT_LIMIT:,} characters."]
    if problems:
        raise Invalid(problems)
    was_flagged = review.flagged
    review.scores, review.comment, review.saved_at = scores, written.comment.strip(), uow.now
    review.flagged, review.flag_reason = written.flagged, written.flag_reason.strip()[:400] if written.flagged else ""
    if was_flagged != review.flagged:
        count_reviews(uow, review.application_id)


def _keep_version(uow: CohortsUnit, review: Review, action: str) -> None:
    uow.reviews.add(_version(uow, review, action, (review.scores, review.comment)))


def _version(
    uow: CohortsUnit,
    review: Review,
    action: str,
    content: tuple[Mapping[str, Any], str],
    note: str = "",
    phase: str = SCORING,
) -> ReviewVersion:
    return ReviewVersion(
        assignment_id=review.assignment_id,
        action=action,
        revision=review.revision,
        scores=dict(content[0]),
        comment=content[1],
        overall=review.overall if action != SET_ASIDE else None,
        flagged=review.flagged,
        flag_reason=review.flag_reason,
        note=note,
        phase=phase,
        at=uow.now,
    )
