"""A participant's surveys: what is asked of them, the form, and thanks."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.answer_survey import Asked, answer_survey, asked_survey
from services.cohorts.use_cases.see_surveys import my_surveys
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.survey_form import Step, given_in, step_at, turn, wrong
from shared.errors import Conflict, Gone, Invalid
from shared.web import access, i18n
from shared.web.identity import known
from shared.web.spoken import say

pages = Blueprint("my_surveys", __name__, url_prefix="/cohorts/my/surveys")


@pages.get("")
@access.signed_in
def surveys() -> ResponseReturnValue:
    """What is asked of me, and what was."""
    with units().begin(write=False) as uow:
        return render_template("cohorts/my/surveys.html", mine=my_surveys(uow, known().person_id, _language()))


@pages.get("/<uuid:survey_id>")
@access.signed_in
def survey(survey_id: UUID) -> ResponseReturnValue:
    """The first page of the form; or that it is answered, or closed."""
    mine = _asked(survey_id)
    return _page(mine, step_at(mine.questions, mine.given, 0))


@pages.post("/<uuid:survey_id>")
@access.signed_in
def answer(survey_id: UUID) -> ResponseReturnValue:
    """On to the next page, back to the one before, or sent."""
    mine = _asked(survey_id)
    given = given_in(request.form, mine.questions)
    back = fields.text(request.form, "do") == "back"
    step = turn(mine.questions, given, fields.number(request.form, "step", {}, 0), back)
    if step is not None:
        return _page(mine, step), 422 if step.errors else 200
    try:
        with units().begin() as uow:
            answer_survey(uow, known().person_id, survey_id, given)
    except Invalid as error:
        return _page(mine, wrong(mine.questions, given, error)), 422
    except (Conflict, Gone) as error:
        return _page(mine, step_at(mine.questions, given, 0), say(error.message)), 409
    return redirect(url_for("my_surveys.thanks", survey_id=survey_id))


@pages.get("/<uuid:survey_id>/thanks")
@access.signed_in
def thanks(survey_id: UUID) -> ResponseReturnValue:
    """They have arrived."""
    return render_template("cohorts/my/survey_thanks.html", mine=_asked(survey_id))


def _asked(survey_id: UUID) -> Asked:
    with units().begin(write=False) as uow:
        return asked_survey(uow, known().person_id, survey_id, _language())


def _language() -> str:
    return i18n.chosen_language() or "en"


def _page(mine: Asked, step: Step, refused: str = "") -> str:
    return render_template("cohorts/my/survey.html", mine=mine, step=step, refused=refused, preview=False)
