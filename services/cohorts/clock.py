"""What this service does when a time has come: the key of each due row is the id of the thing."""

from uuid import UUID

from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases import calibrate_reviews, make_offers, schedule_sessions
from services.cohorts.use_cases.end_offers import propose_lapse, remind_offer
from services.cohorts.use_cases.schedule_sessions import remind_session
from shared.service import Due, DueHandlers


def _offer_reminder(uow: CohortsUnit, due: Due) -> None:
    remind_offer(uow, UUID(due.key))


def _offer_deadline(uow: CohortsUnit, due: Due) -> None:
    propose_lapse(uow, UUID(due.key))


def _session_reminder(uow: CohortsUnit, due: Due) -> None:
    remind_session(uow, UUID(due.key))


def _reviews_closed(uow: CohortsUnit, due: Due) -> None:
    calibrate_reviews.calibrate_at_close(uow, UUID(due.key))


DUE: DueHandlers[CohortsUnit] = {
    make_offers.REMINDER: _offer_reminder,
    make_offers.DEADLINE: _offer_deadline,
    schedule_sessions.REMINDER: _session_reminder,
    calibrate_reviews.CLOSING: _reviews_closed,
}
