"""Calibrate a round's reviews: asked for by staff, and once more by itself when reviewing closes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cohorts.domain.actor import CLOCK, Actor
from services.cohorts.domain.calibration import Calibration, Refusal, Review, calibrate, calibrate_criteria
from services.cohorts.domain.phases import CLOSED as CLOSED_PHASE
from services.cohorts.domain.phases import DISCUSSION
from services.cohorts.domain.rubric import read_rubric
from services.cohorts.storage.tables import CalibratedScore, CalibrationRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict

CLOSING = "reviews_closed"
ASKED, CLOSED = "asked", "closed"
Rows = Sequence[tuple[UUID, UUID, float, Mapping[str, Any]]]
_APART = "Some reviewers share no application with the others, so nobody can say who of them is lenient."


def calibrate_reviews(uow: CohortsUnit, actor: Actor, round_id: UUID, cause: str = ASKED) -> CalibrationRun:
    """Calibrate every review that is handed in now, keep the run, and let its scores count.

    Raises:
        Conflict: there is no review to calibrate (code no-reviews).
    """
    uow.rounds.plan(round_id, lock=True)
    rows = uow.calibrations.reviews(round_id)
    if not rows:
        raise Conflict("No review is handed in yet, so there is nothing to calibrate.", code="no-reviews")
    found = calibrate([Review(str(member), str(application), overall) for application, member, overall, _ in rows])
    run = _run(uow, actor, round_id, cause, rows, found)
    uow.calibrations.add(run)
    uow.session.flush()
    uow.calibrations.replace_scores(round_id, _scores(run, found))
    uow.record.write(
        actor, "reviews_calibrated", round_id, run=str(run.id), method=run.method, reviews=run.reviews, cause=cause
    )
    return run


def calibrate_at_close(uow: CohortsUnit, round_id: UUID) -> None:
    """What the clock does when scoring closes, and again when the discussion does, in which scores may change.

    Nothing where nobody has handed anything in. A date that was moved meanwhile is waited for.
    """
    phases = uow.rounds.phases(round_id)
    if phases.at(uow.now) in {DISCUSSION, CLOSED_PHASE} and uow.calibrations.reviews(round_id):
        calibrate_reviews(uow, CLOCK, round_id, CLOSED)
    if phases.discussion_closes_at is not None and phases.discussion_closes_at > uow.now:
        uow.schedule(CLOSING, f"{round_id}:discussion", phases.discussion_closes_at)


def schedule_calibration(uow: CohortsUnit, round_id: UUID, closes_at: datetime | None) -> None:
    """Put the round's calibration on the clock for when reviewing closes, or take it off."""
    if closes_at is None:
        uow.cancel(CLOSING, str(round_id))
    else:
        uow.schedule(CLOSING, str(round_id), closes_at)


def fingerprint(rows: Rows) -> str:
    """Names a set of reviews: the same for the same scores of the same people."""
    told = "|".join(f"{application}>{member}={overall:.4f}" for application, member, overall, _ in rows)
    return hashlib.sha256(told.encode()).hexdigest()


def _run(uow: CohortsUnit, actor: Actor, round_id: UUID, cause: str, rows: Rows, found: Calibration) -> CalibrationRun:
    return CalibrationRun(
        round_id=round_id,
        at=uow.now,
        by_id=actor.person_id,
        by_name=actor.name,
        cause=cause,
        method=found.method,
        note=_note(found),
        reviews=len(rows),
        fingerprint=fingerprint(rows),
        leniency_sd=found.leniency_sd,
        noise_sd=found.noise_sd,
        tie=found.tie,
        refused=_refusal(found.refused) if found.refused else None,
        reviewers=_reviewers(found),
        applications=[_renamed(one, application_id="application") for one in found.applications],
        disagreements=[_renamed(one, application_id="application") for one in _disagreements(found)],
        criteria=_criteria(uow, round_id, rows),
    )


def _note(found: Calibration) -> str:
    """Without the names that the engine's message holds: a page looks them up as they are now."""
    apart = found.refused is not None and found.refused.reason == "not-connected"
    return _APART if apart else found.note


def _refusal(refusal: Refusal) -> dict[str, Any]:
    message = _APART if refusal.reason == "not-connected" else refusal.message
    return {"reason": refusal.reason, "message": message, "islands": [list(group) for group in refusal.islands]}


def _renamed(one: Any, **names: str) -> dict[str, Any]:
    row = asdict(one)
    return {new: row.pop(old) for new, old in names.items()} | row


def _reviewers(found: Calibration) -> list[dict[str, Any]]:
    return [_renamed(one, member_id="reviewer") for one in found.reviewers]


def _disagreements(found: Calibration) -> list[Any]:
    """Of the whole round; where it falls apart, of each island by itself: spread needs no comparing across."""
    parts = found.islands or (found,)
    return sorted((one for part in parts for one in part.disagreements), key=lambda one: (one.chance, one.application))


def _criteria(uow: CohortsUnit, round_id: UUID, rows: Rows) -> list[dict[str, Any]]:
    labels = {criterion.id: criterion.label for criterion in read_rubric(uow.rounds.get(round_id).rubric)}
    reviews = [
        Review(str(member), str(application), float(line["score"]), criterion)
        for application, member, _, scores in rows
        for criterion, line in scores.items()
        if criterion in labels and line.get("score") is not None
    ]
    if not reviews:
        return []
    return [
        {
            "criterion": name,
            "label": labels[name],
            "method": part.method,
            "leniency_sd": part.leniency_sd,
            "noise_sd": part.noise_sd,
            "reviewers": _reviewers(part),
        }
        for name, part in calibrate_criteria(reviews).items()
    ]


def _scores(run: CalibrationRun, found: Calibration) -> list[CalibratedScore]:
    return [
        CalibratedScore(
            application_id=UUID(one.application),
            run_id=run.id,
            raw=one.raw,
            adjusted=one.adjusted,
            standard_error=one.standard_error,
            n=one.n,
        )
        for one in found.applications
    ]
