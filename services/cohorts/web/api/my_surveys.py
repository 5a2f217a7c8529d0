"""A participant's own surveys, by API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.domain.survey import as_json
from services.cohorts.use_cases.answer_survey import answer_survey, asked_survey
from services.cohorts.use_cases.see_surveys import my_surveys
from services.cohorts.web.api.survey_schemas import SurveyAnswersSchema
from services.cohorts.web.context import units
from shared.web import access, i18n
from shared.web.identity import known

blueprint = Blueprint("api_my_surveys", __name__, url_prefix="/cohorts/api/v1/my", description="My surveys")


@blueprint.route("/surveys", methods=["GET"])
@blueprint.response(200)
@access.signed_in
def surveys() -> Response:
    """What is asked of me, and what was."""
    with units().begin(write=False) as uow:
        mine = my_surveys(uow, known().person_id, _language())
    items = [
        {
            "id": str(one.survey.id),
            "title": one.title,
            "anonymous": one.survey.anonymous,
            "minutes": one.survey.minutes,
            "closes_at": one.survey.closes_at.isoformat() if one.survey.closes_at else None,
            "open": one.open,
            "answered": one.answered,
        }
        for one in mine
    ]
    return jsonify(items=items, next=None)


@blueprint.route("/surveys/<uuid:survey_id>", methods=["GET"])
@blueprint.response(200)
@access.signed_in
def one(survey_id: UUID) -> Response:
    """Its questions in my language; and my answers, if it is one with names."""
    with units().begin(write=False) as uow:
        mine = asked_survey(uow, known().person_id, survey_id, _language())
    return jsonify(
        id=str(survey_id),
        title=mine.title,
        intro=mine.intro,
        anonymous=mine.survey.anonymous,
        closed=mine.closed,
        answered=mine.answered,
        questions=[as_json(question) for question in mine.questions],
        answers=mine.given,
    )


@blueprint.route("/surveys/<uuid:survey_id>/answers", methods=["PUT"])
@blueprint.arguments(SurveyAnswersSchema)
@blueprint.response(204)
@access.signed_in
def answer(wanted: dict[str, Any], survey_id: UUID) -> None:
    """Answer it: with my name as often as I like until it closes, or anonymously once.

    It takes no Idempotency-Key: what remembers a request by its content would remember an anonymous answer.
    """
    given = {
        question: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for question, value in wanted["answers"].items()
        if value is not None
    }
    with units().begin() as uow:
        answer_survey(uow, known().person_id, survey_id, given)


def _language() -> str:
    return i18n.chosen_language() or "en"
