"""Staff: what surveys found, each answer with the numbers that it is a share of; and how it changed over time."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from services.cohorts.domain.survey_telling import HEADER, lines, tell, tell_change
from services.cohorts.use_cases.see_surveys import compare_surveys, named_answers, see_results, see_survey
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from services.cohorts.web.pages.staff_surveys import TAB
from shared.errors import Conflict
from shared.web.download import table_file

pages = Blueprint("staff_survey_results", __name__, url_prefix="/cohorts/staff")


@pages.get("/surveys/<uuid:survey_id>/results")
@staff_only
def results(survey_id: UUID) -> ResponseReturnValue:
    """Every question with a picture and a table."""
    with units().begin(write=False) as uow:
        seen = see_survey(uow, survey_id)
        found = see_results(uow, survey_id)
        more = {"seen": seen, "survey": seen.survey, "results": found, "told": tell(found)}
        return show("survey_results.html", uow, seen.cohort.round_id, TAB, **more)


@pages.get("/surveys/<uuid:survey_id>/results.<kind>")
@staff_only
def export(survey_id: UUID, kind: str) -> Response:
    """Every count and every text as a file, with the same kept back."""
    with units().begin(write=False) as uow:
        found = see_results(uow, survey_id)
    return table_file(kind, "survey-results", HEADER, lines(found))


@pages.get("/surveys/<uuid:survey_id>/answers.<kind>")
@staff_only
def answers(survey_id: UUID, kind: str) -> Response:
    """Of a survey with names, who answered what."""
    with units().begin(write=False) as uow:
        header, rows = named_answers(uow, survey_id)
    return table_file(kind, "survey-answers", header, rows)


@pages.get("/rounds/<uuid:round_id>/surveys/change")
@staff_only
def change(round_id: UUID) -> ResponseReturnValue:
    """The same questions at the beginning, in the middle and at the end."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        told = [tell_change(each) for each in compare_surveys(uow, cohort.id)]
        return show("survey_change.html", uow, round_id, TAB, cohort=cohort, told=told)
