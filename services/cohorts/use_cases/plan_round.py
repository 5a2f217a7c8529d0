"""Settle how a round is reviewed and chosen: reviews each, closing time, published weights, places, days to answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.phases import check_dates
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import RoundPlan
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.calibrate_reviews import schedule_calibration
from services.cohorts.use_cases.rank_applications import rank_round
from services.cohorts.use_cases.set_phases import follow_phases
from shared.errors import Conflict, Invalid


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What staff settle. Weights are percentages and add up to 100."""

    reviews_per_application: int
    review_closes_at: datetime | None
    priority_weight: int
    review_weight: int
    places: int
    respond_days: int


_RANGES = {
    "reviews_per_application": (1, 10, "Each application gets from 1 to 10 reviews."),
    "priority_weight": (0, 100, "A weight is from 0 to 100."),
    "review_weight": (0, 100, "A weight is from 0 to 100."),
    "places": (1, 10_000, "A round has from 1 to 10,000 places."),
    "respond_days": (1, 90, "People get from 1 to 90 days to answer."),
}


def plan_round(uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Plan, revision: int | None) -> RoundPlan:
    """Settle the round's plan, made on `revision`. New weights rank the pool again.

    Raises:
        Invalid: a figure is out of range, or the weights do not add up to 100.
        Stale: somebody else has changed the plan since.
        Conflict: decisions are released, so weights and places stand.
    """
    _check(wanted)
    row = uow.rounds.plan(round_id, lock=True)
    step(row, revision)
    weighed_anew = (row.priority_weight, row.review_weight) != (wanted.priority_weight, wanted.review_weight)
    release = uow.releases.of_round(round_id)
    if release is not None and release.state == "released" and (weighed_anew or row.places != wanted.places):
        raise Conflict("Decisions are released, so the weights and the number of places can no longer change.")
    for name in wanted.__dataclass_fields__:
        setattr(row, name, getattr(wanted, name))
    schedule_calibration(uow, round_id, wanted.review_closes_at)
    uow.session.flush()
    check_dates(uow.rounds.phases(round_id))
    follow_phases(uow, round_id)
    if weighed_anew:
        rank_round(uow, round_id)
    uow.record.write(actor, "plan_changed", round_id, **_told(wanted))
    return row


def _told(wanted: Plan) -> dict[str, object]:
    closes = wanted.review_closes_at
    told = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    return {**told, "review_closes_at": closes.isoformat() if closes else None}


def _check(wanted: Plan) -> None:
    problems = {
        name: [message]
        for name, (least, most, message) in _RANGES.items()
        if not least <= getattr(wanted, name) <= most
    }
    if not problems and wanted.priority_weight + wanted.review_weight != 100:
        problems["review_weight"] = ["The two weights should add up to 100."]
    if problems:
        raise Invalid(problems)
