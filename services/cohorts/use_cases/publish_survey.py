"""A survey goes out: published by staff, opened, reminded of and closed by the clock, or closed early by staff."""

from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import CLOCK, Actor
from services.cohorts.domain.revision import step
from services.cohorts.domain.session import CANCELLED
from services.cohorts.domain.survey import CLOSED, DRAFT, PUBLISHED, SESSION, minutes_for, read_questions, reminder_at
from services.cohorts.storage.tables import Survey
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_surveys import audience, invite, is_over, remind
from shared.errors import Conflict, Invalid
from shared.impact import FEW

OPENING, REMINDER, CLOSING = "survey_opening", "survey_reminder", "survey_closing"


def publish_survey(uow: CohortsUnit, actor: Actor, survey_id: UUID, revision: int | None) -> Survey:
    """Fix what a survey asks, and invite everybody: now, or when it opens.

    Raises:
        Conflict: it is published already, or its session is cancelled.
        Stale: somebody else has changed it since.
        Invalid: something that it needs is missing.
    """
    survey = uow.surveys.get(survey_id, lock=True)
    if survey.state != DRAFT:
        raise Conflict("This survey is published already.")
    opens_at = _opening(uow, survey)
    _check(uow, survey, opens_at)
    step(survey, revision)
    survey.opens_at, survey.state = opens_at, PUBLISHED
    survey.published_at, survey.published_by_name = uow.now, actor.name
    survey.minutes = survey.minutes or minutes_for(read_questions(survey.questions))
    if opens_at <= uow.now:
        open_survey(uow, survey.id)
    else:
        uow.schedule(OPENING, str(survey.id), opens_at)
        _wind(uow, survey)
    uow.record.write(actor, "survey_published", _round(uow, survey), survey=str(survey.id), anonymous=survey.anonymous)
    return survey


def _opening(uow: CohortsUnit, survey: Survey) -> datetime:
    """When it opens: not before its session has ended."""
    wanted = survey.opens_at or uow.now
    if survey.moment != SESSION or survey.session_id is None:
        return wanted
    session = uow.sessions.get(survey.session_id)
    if session.status == CANCELLED:
        raise Conflict("The session is cancelled, so there is nobody to ask about it.")
    return max(wanted, session.ends_at)


def _check(uow: CohortsUnit, survey: Survey, opens_at: datetime) -> None:
    problems: dict[str, list[str]] = {}
    if not survey.questions:
        problems["questions"] = ["Add at least one question."]
    if survey.closes_at is None:
        problems["closes_at"] = ["Say until when people can answer."]
    elif survey.closes_at <= max(uow.now, opens_at):
        problems["closes_at"] = ["Choose an end that is still to come, and after it opens."]
    if problems:
        raise Invalid(problems)


def open_survey(uow: CohortsUnit, survey_id: UUID) -> None:
    """Its time has come: invite everybody it asks. After a session that was moved, wait for the session; after one that
    was cancelled, nobody is asked."""
    survey = uow.surveys.find(survey_id, lock=True)
    if survey is None or survey.state != PUBLISHED or survey.opens_at is None or survey.closes_at is None:
        return
    session = uow.sessions.find(survey.session_id) if survey.session_id else None
    if session is not None and session.status == CANCELLED:
        close(uow, CLOCK, survey)
        return
    if session is not None and session.ends_at > max(uow.now, survey.opens_at):
        survey.closes_at += session.ends_at - survey.opens_at
        survey.opens_at = session.ends_at
        uow.schedule(OPENING, str(survey.id), survey.opens_at)
    else:
        invite(uow, survey, audience(uow, survey))
    _wind(uow, survey)


def _wind(uow: CohortsUnit, survey: Survey) -> None:
    """Put what comes later on the clock."""
    if survey.opens_at is None or survey.closes_at is None:
        return
    uow.schedule(CLOSING, str(survey.id), survey.closes_at)
    at = reminder_at(survey.opens_at, survey.closes_at)
    if at is not None and at > uow.now:
        uow.schedule(REMINDER, str(survey.id), at)


def remind_survey(uow: CohortsUnit, survey_id: UUID) -> None:
    """Once, before it closes: remind who has not answered."""
    survey = uow.surveys.find(survey_id, lock=True)
    if survey is not None and survey.state == PUBLISHED and not is_over(uow, survey):
        remind(uow, survey)


def close_at_end(uow: CohortsUnit, survey_id: UUID) -> None:
    """The time to answer has passed."""
    survey = uow.surveys.find(survey_id, lock=True)
    if survey is not None and survey.state == PUBLISHED and is_over(uow, survey):
        close(uow, CLOCK, survey)


def close_survey(uow: CohortsUnit, actor: Actor, survey_id: UUID, revision: int | None) -> Survey:
    """Close a survey before its time.

    Raises:
        Conflict: it is not open to be closed.
        Stale: somebody else has changed it since.
    """
    survey = uow.surveys.get(survey_id, lock=True)
    if survey.state != PUBLISHED:
        raise Conflict("Only a survey that is published and not closed yet can be closed.")
    step(survey, revision)
    survey.closes_at = min(survey.closes_at or uow.now, uow.now)
    close(uow, actor, survey)
    return survey


def close(uow: CohortsUnit, actor: Actor, survey: Survey) -> None:
    """Count for good. Of an anonymous survey, forget who answered; and delete answers too few to be shown, ever."""
    survey.invited, survey.answered = uow.surveys.counts(survey)
    survey.state = CLOSED
    for kind in (OPENING, REMINDER, CLOSING):
        uow.cancel(kind, str(survey.id))
    if survey.anonymous:
        uow.surveys.forget_who_answered(survey.id)
        if survey.answered < FEW:
            uow.survey_answers.drop_anonymous(survey.id)
    uow.record.write(actor, "survey_closed", _round(uow, survey), survey=str(survey.id))


def _round(uow: CohortsUnit, survey: Survey) -> UUID:
    return uow.cohorts.get(survey.cohort_id).round_id
