"""Surveys to look at: a participant's own list, and what was found, for staff."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.survey import BASELINE, CLOSED, DRAFT, END, MID, Question, read_questions
from services.cohorts.domain.survey_answers import Answers, picked
from services.cohorts.domain.survey_comparing import Change, Told, compare
from services.cohorts.domain.survey_results import Results, tally
from services.cohorts.storage.tables import Cohort, Survey
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_surveys import audience, is_over
from shared.errors import Conflict

_IN_TIME = (BASELINE, MID, END)


@dataclass(frozen=True, slots=True)
class Mine:
    """A survey on a participant's list. `answered` is not known any more once an anonymous one has closed."""

    survey: Survey
    title: str
    zone: str
    open: bool
    answered: bool


def my_surveys(uow: CohortsUnit, person_id: UUID, language: str) -> list[Mine]:
    """What somebody is asked, or was."""
    return [
        Mine(
            survey=survey,
            title=survey.words.get(language.replace("_", "-"), {}).get("title") or survey.title,
            zone=cohort.zone,
            open=survey.state != CLOSED and not is_over(uow, survey),
            answered=invitation.answered,
        )
        for survey, invitation, cohort in uow.surveys.of_person(person_id)
    ]


@dataclass(frozen=True, slots=True)
class Seen:
    """A survey for staff: (invited, answered), and who would be invited if it opened now."""

    survey: Survey
    cohort: Cohort
    questions: tuple[Question, ...]
    counts: tuple[int, int]
    would_ask: int


def see_survey(uow: CohortsUnit, survey_id: UUID) -> Seen:
    """One survey; raises NotFound."""
    survey = uow.surveys.get(survey_id)
    would = len(audience(uow, survey)) if survey.state == DRAFT else 0
    questions = read_questions(survey.questions)
    return Seen(survey, uow.cohorts.get(survey.cohort_id), questions, uow.surveys.counts(survey), would)


def see_results(uow: CohortsUnit, survey_id: UUID) -> Results:
    """What a survey found. An anonymous one keeps back what could lead to a person.

    Raises:
        Conflict: nobody has been asked yet; or it is anonymous and still open: two looks, before and after somebody
            answered, would show what they said.
    """
    survey = uow.surveys.get(survey_id)
    if survey.state == DRAFT:
        raise Conflict("This survey has not been published yet, so there are no answers.")
    if survey.anonymous and survey.state != CLOSED:
        raise Conflict("The answers to an anonymous survey can be seen once it has closed, and not before.")
    invited, _ = uow.surveys.counts(survey)
    answers = uow.survey_answers.all(survey)
    lot = uow.survey_answers.lot(survey) if survey.anonymous else ""
    return tally(read_questions(survey.questions), invited, answers, hide=survey.anonymous, lot=lot)


def compare_surveys(uow: CohortsUnit, cohort_id: UUID) -> tuple[Change, ...]:
    """The cohort's baseline, mid and end surveys whose answers can be seen, question by question."""
    seen = [
        survey
        for survey in uow.surveys.of_cohort(cohort_id)
        if survey.moment in _IN_TIME and survey.state != DRAFT and (survey.state == CLOSED or not survey.anonymous)
    ]
    seen.sort(key=lambda survey: (_IN_TIME.index(survey.moment), survey.published_at, survey.id))
    return compare([Told(survey.title, see_results(uow, survey.id)) for survey in seen])


def named_answers(uow: CohortsUnit, survey_id: UUID) -> tuple[list[str], list[list[str]]]:
    """Who answered what in a survey with names: a header, and a row for each person, in words.

    Raises:
        Conflict: the survey is anonymous, so there is nothing to tell apart.
    """
    survey = uow.surveys.get(survey_id)
    if survey.anonymous:
        raise Conflict("This survey is anonymous. Only what everybody said together can be seen.")
    questions = read_questions(survey.questions)
    rows = [
        [person.name if person else "–", *(_in_words(question, {**row.answers, **row.texts}) for question in questions)]
        for row, person in uow.survey_answers.named(survey.id)
    ]
    return ["name", *(question.text for question in questions)], rows


def _in_words(question: Question, answers: Answers) -> str:
    answer = answers.get(question.id)
    if answer is None:
        return ""
    if not question.options:
        return str(answer)
    return "; ".join(question.label(option) for option in question.options if option in picked(answer))
