"""A participant answers a survey: with their name, as often as they like until it closes; or anonymously, once."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.survey import CLOSED, PUBLISHED, Question, read_questions, spoken
from services.cohorts.domain.survey_answers import Given, apart, as_given, read
from services.cohorts.storage.tables import Cohort, Survey, SurveyAnswer
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_surveys import is_over
from shared.errors import Conflict, Gone, Invalid, NotFound

_UNKNOWN = "There is no such survey."


@dataclass(frozen=True, slots=True)
class Asked:
    """A survey as one participant has it, in their language. `given`: what they answered before, with their name."""

    survey: Survey
    cohort: Cohort
    title: str
    intro: str
    questions: tuple[Question, ...]
    answered: bool
    closed: bool
    given: dict[str, list[str]]


def asked_survey(uow: CohortsUnit, person_id: UUID, survey_id: UUID, language: str) -> Asked:
    """The survey for somebody who is invited; raises NotFound for anybody else."""
    survey, invitation = uow.surveys.find(survey_id), uow.surveys.invitation(survey_id, person_id)
    if survey is None or invitation is None:
        raise NotFound(_UNKNOWN)
    mine = None if survey.anonymous else uow.survey_answers.of_person(survey.id, person_id)
    return said(uow, survey, language, invitation.answered, mine)


def said(
    uow: CohortsUnit, survey: Survey, language: str, answered: bool = False, mine: SurveyAnswer | None = None
) -> Asked:
    """A survey in a language, as somebody would be asked it."""
    words = survey.words.get(language.replace("_", "-"), {})
    questions = read_questions(survey.questions)
    return Asked(
        survey=survey,
        cohort=uow.cohorts.get(survey.cohort_id),
        title=words.get("title") or survey.title,
        intro=words.get("intro") or survey.intro,
        questions=spoken(questions, words),
        answered=answered,
        closed=survey.state == CLOSED or is_over(uow, survey),
        given=as_given(questions, {**mine.answers, **mine.texts}) if mine else {},
    )


def answer_survey(uow: CohortsUnit, person_id: UUID, survey_id: UUID, given: Given) -> Survey:
    """Keep somebody's answers.

    Nothing about it is published or written to the record, and of an anonymous answer nothing is kept that leads back.

    Raises:
        NotFound: they are not invited.
        Gone: it has closed.
        Conflict: it is anonymous, and they have answered it.
        Invalid: by question, what cannot be taken as an answer; or nothing is answered at all.
    """
    survey, invitation = uow.surveys.find(survey_id, lock=True), uow.surveys.invitation(survey_id, person_id)
    if survey is None or invitation is None:
        raise NotFound(_UNKNOWN)
    if survey.state != PUBLISHED or is_over(uow, survey):
        raise Gone("This survey has closed. Thank you for wanting to answer it.")
    if survey.anonymous and invitation.answered:
        raise Conflict(
            "You have answered this survey already. Nobody can find your answers to change them, not even you."
        )
    questions = read_questions(survey.questions)
    answers = read(questions, given)
    if not answers:
        raise Invalid({"": ["You have not answered anything yet. If you would rather not, you can just leave."]})
    counted, texts = apart(questions, answers)
    invitation.answered = True
    if survey.anonymous:
        uow.survey_answers.put_among(survey.id, counted, texts)
    else:
        _keep(uow, survey, person_id, counted, texts)
    uow.session.flush()
    return survey


def _keep(uow: CohortsUnit, survey: Survey, person_id: UUID, counted: dict[str, object], texts: dict[str, str]) -> None:
    row = uow.survey_answers.of_person(survey.id, person_id)
    if row is None:
        row = SurveyAnswer(survey_id=survey.id, person_id=person_id)
        uow.survey_answers.add(row)
    row.answers, row.texts, row.changed_at = counted, dict(texts), uow.now
