"""What this service does when a time has come: the key of each due row is the id of the thing."""

from uuid import UUID

from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases import (
    calibrate_reviews,
    make_offers,
    publish_survey,
    remind_reviewers,
    schedule_sessions,
    set_phases,
    tell_discussions,
)
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
    calibrate_reviews.calibrate_at_close(uow, UUID(due.key.partition(":")[0]))


def _panel_turn(uow: CohortsUnit, due: Due) -> None:
    round_id, phase = due.key.split(":")
    set_phases.take_turn(uow, UUID(round_id), phase)


def _panel_reminder(uow: CohortsUnit, due: Due) -> None:
    round_id, reason = due.key.split(":")
    remind_reviewers.remind_round(uow, UUID(round_id), reason)


def _member_reminder(uow: CohortsUnit, due: Due) -> None:
    member_id, reason = due.key.split(":")
    remind_reviewers.remind_member(uow, UUID(member_id), reason)


def _discussion_news(uow: CohortsUnit, due: Due) -> None:
    tell_discussions.tell_discussions(uow, UUID(due.key.partition(":")[0]), due.due_at)


def _survey_opening(uow: CohortsUnit, due: Due) -> None:
    publish_survey.open_survey(uow, UUID(due.key))


def _survey_reminder(uow: CohortsUnit, due: Due) -> None:
    publish_survey.remind_survey(uow, UUID(due.key))


def _survey_closing(uow: CohortsUnit, due: Due) -> None:
    publish_survey.close_at_end(uow, UUID(due.key))


DUE: DueHandlers[CohortsUnit] = {
    make_offers.REMINDER: _offer_reminder,
    make_offers.DEADLINE: _offer_deadline,
    schedule_sessions.REMINDER: _session_reminder,
    calibrate_reviews.CLOSING: _reviews_closed,
    set_phases.TURN: _panel_turn,
    set_phases.REMINDER: _panel_reminder,
    remind_reviewers.MEMBER_REMINDER: _member_reminder,
    publish_survey.OPENING: _survey_opening,
    publish_survey.REMINDER: _survey_reminder,
    publish_survey.CLOSING: _survey_closing,
    tell_discussions.NEWS: _discussion_news,
}
