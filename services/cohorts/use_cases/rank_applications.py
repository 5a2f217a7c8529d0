"""Keep the figures that rank applications: what the reviews come to, and the blended score."""

from uuid import UUID

from services.cohorts.domain.blend import Weights, blended
from services.cohorts.domain.review import standing
from services.cohorts.storage.tables import Application, RoundPlan
from services.cohorts.storage.unit_of_work import CohortsUnit


def rank_application(plan: RoundPlan, row: Application) -> None:
    """Set one application's blended score."""
    weights = Weights(plan.priority_weight, plan.review_weight, plan.priority_top)
    row.blended = blended(row.priority_score, row.review_mean, weights)


def rank_round(uow: CohortsUnit, round_id: UUID) -> None:
    """Set every blended score of a round, measured against its highest priority score."""
    uow.session.flush()
    plan = uow.rounds.plan(round_id, lock=True)
    plan.priority_top = uow.applications.top_priority(round_id)
    uow.applications.blend_round(round_id, plan.priority_weight, plan.review_weight, plan.priority_top)


def count_reviews(uow: CohortsUnit, application_id: UUID) -> None:
    """Set what an application's reviews come to, and its blended score."""
    uow.session.flush()
    row = uow.applications.get(application_id, lock=True)
    reviews = uow.reviews.submitted(application_id)
    found = standing([review.overall for review in reviews if review.overall is not None])
    row.review_count, row.review_mean = found.count, found.mean
    row.review_median, row.review_spread = found.median, found.spread
    row.flags = uow.reviews.flags(application_id)
    rank_application(uow.rounds.plan(row.round_id), row)
