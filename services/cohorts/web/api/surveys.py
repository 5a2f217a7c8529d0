"""Surveys by API: written, published, closed, and what they found."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.domain.survey import Question, as_json, read_questions
from services.cohorts.domain.survey_results import Found, Line, Results, share
from services.cohorts.domain.survey_telling import tell, tell_change
from services.cohorts.storage.tables import Cohort, Survey
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.see_surveys import compare_surveys, see_results
from services.cohorts.use_cases.write_survey import (
    Settings,
    change_survey,
    draft_survey,
    remove_survey,
    translate_survey,
)
from services.cohorts.web.api.survey_schemas import NewSurveySchema, SurveyList, SurveySchema, SurveyWordsSchema
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Conflict
from shared.web.api import Page, once, require_match, tagged

blueprint = Blueprint("api_surveys", __name__, url_prefix="/cohorts/api/v1", description="Surveys")


@blueprint.route("/rounds/<uuid:round_id>/surveys", methods=["GET"])
@blueprint.response(200, SurveyList)
@staff_only
def surveys(round_id: UUID) -> Page:
    """The cohort's surveys, in the order in which they were made."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        return Page(uow.surveys.of_cohort(cohort.id) if cohort else [])


@blueprint.route("/rounds/<uuid:round_id>/surveys", methods=["POST"])
@blueprint.arguments(NewSurveySchema)
@blueprint.response(201, SurveySchema)
@staff_only
def draft(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Begin a survey; nobody is asked until it is published. Takes an Idempotency-Key."""
    settings, questions = _parts(wanted)

    def work(uow: CohortsUnit) -> Survey:
        return draft_survey(uow, _cohort(uow, round_id).id, settings, questions)

    return once(units(), work, SurveySchema())


def _parts(wanted: dict[str, Any]) -> tuple[Settings, tuple[Question, ...]]:
    questions = read_questions(wanted.pop("questions"))
    return Settings(**wanted), questions


def _cohort(uow: CohortsUnit, round_id: UUID) -> Cohort:
    uow.rounds.get(round_id)
    cohort = uow.cohorts.of_round(round_id)
    if cohort is None:
        raise Conflict("There is a cohort once the round’s decisions are released.")
    return cohort


@blueprint.route("/surveys/<uuid:survey_id>", methods=["GET"])
@blueprint.response(200, SurveySchema)
@staff_only
def one(survey_id: UUID) -> Response:
    """One survey, with the ETag."""
    with units().begin(write=False) as uow:
        return _answer(uow.surveys.get(survey_id))


@blueprint.route("/surveys/<uuid:survey_id>", methods=["PUT"])
@blueprint.arguments(NewSurveySchema)
@blueprint.response(200, SurveySchema)
@staff_only
def change(wanted: dict[str, Any], survey_id: UUID) -> Response:
    """Change a draft, with all its questions. Needs If-Match."""
    settings, questions = _parts(wanted)
    with units().begin() as uow:
        require_match(uow.surveys.get(survey_id, lock=True).revision)
        return _answer(change_survey(uow, survey_id, settings, None, questions))


@blueprint.route("/surveys/<uuid:survey_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def remove(survey_id: UUID) -> None:
    """Take a draft away. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.surveys.get(survey_id, lock=True).revision)
        remove_survey(uow, survey_id)


@blueprint.route("/surveys/<uuid:survey_id>/words/<language>", methods=["PUT"])
@blueprint.arguments(SurveyWordsSchema)
@blueprint.response(200, SurveySchema)
@staff_only
def words(wanted: dict[str, Any], survey_id: UUID, language: str) -> Response:
    """Say it in another language. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.surveys.get(survey_id, lock=True).revision)
        return _answer(translate_survey(uow, survey_id, language, wanted["words"], None))


@blueprint.route("/surveys/<uuid:survey_id>/published", methods=["PUT"])
@blueprint.response(200, SurveySchema)
@staff_only
def publish(survey_id: UUID) -> Response:
    """Fix what it asks, and invite everybody: now, or when it opens. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.surveys.get(survey_id, lock=True).revision)
        return _answer(publish_survey(uow, actor(), survey_id, None))


@blueprint.route("/surveys/<uuid:survey_id>/closed", methods=["PUT"])
@blueprint.response(200, SurveySchema)
@staff_only
def close(survey_id: UUID) -> Response:
    """Close it before its time. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.surveys.get(survey_id, lock=True).revision)
        return _answer(close_survey(uow, actor(), survey_id, None))


def _answer(survey: Survey) -> Response:
    return tagged(jsonify(SurveySchema().dump(survey)), survey.revision)


@blueprint.route("/surveys/<uuid:survey_id>/results", methods=["GET"])
@blueprint.response(200)
@staff_only
def results(survey_id: UUID) -> Response:
    """Every count with its shares of all invited, all who answered, and all asked. null: kept back."""
    with units().begin(write=False) as uow:
        found = see_results(uow, survey_id)
    told = [_told(each.found, found) | {"asked_of": each.asked_of} for each in tell(found)]
    return jsonify(invited=found.invited, answered=found.answered, questions=told)


def _told(found: Found, results: Results) -> dict[str, Any]:
    lines = (*found.lines, found.unanswered) if found.asked is not None else ()
    return {
        "question": as_json(found.question),
        "asked": found.asked,
        "answers": [_line(line, found, results) for line in lines],
        "mean": found.mean,
        "median": found.middle,
        "texts": list(found.texts),
    }


def _line(line: Line, found: Found, results: Results) -> dict[str, Any]:
    return {
        "value": line.value,
        "label": line.label,
        "count": line.count,
        "of_invited": share(line.count, results.invited),
        "of_answered": share(line.count, results.answered),
        "of_asked": share(line.count, found.asked),
    }


@blueprint.route("/rounds/<uuid:round_id>/surveys/change", methods=["GET"])
@blueprint.response(200)
@staff_only
def changes(round_id: UUID) -> Response:
    """The questions that more than one survey asks, with the shares of those asked in each."""
    with units().begin(write=False) as uow:
        told = [tell_change(each) for each in compare_surveys(uow, _cohort(uow, round_id).id)]
    return jsonify(
        items=[
            {
                "question": as_json(each.question),
                "labels": each.labels,
                "surveys": [
                    {"survey": survey, "asked": asked, "shares": shares, "mean": mean}
                    for survey, asked, shares, mean in each.rows
                ],
            }
            for each in told
        ],
        next=None,
    )
