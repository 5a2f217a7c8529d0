"""Staff write a survey: its settings, its questions one by one or all at once, and its words in other languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.revision import step
from services.cohorts.domain.survey import (
    DRAFT,
    MOMENTS,
    SESSION,
    Question,
    as_json,
    check_questions,
    phrases,
    question_problems,
    read_questions,
)
from services.cohorts.storage.tables import Survey
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid, NotFound

LANGUAGES = ("cy", "ar", "fa-AF")
"""Into which a survey can be translated; it is written in English."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What staff settle about a survey. `opens_at` None: as soon as it is published, or its session has ended."""

    title: str
    intro: str = ""
    moment: str
    session_id: UUID | None = None
    anonymous: bool = False
    minutes: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def draft_survey(
    uow: CohortsUnit, cohort_id: UUID, settings: Settings, questions: Sequence[Question] = (), like: UUID | None = None
) -> Survey:
    """Begin a survey, with these questions or those of another of the cohort (`like`).

    Raises:
        Invalid: a field cannot be accepted.
        NotFound: there is no such cohort, or no such survey in it.
    """
    uow.cohorts.get(cohort_id)
    other = _of_cohort(uow, cohort_id, like) if like else None
    if other is None:
        check_questions(questions)
    row = Survey(
        cohort_id=cohort_id,
        state=DRAFT,
        questions=other.questions if other else [as_json(question) for question in questions],
        words=_questions_alone(other.words) if other else {},
        published_by_name="",
        revision=1,
    )
    _fill(uow, row, settings)
    uow.surveys.add(row)
    uow.session.flush()
    return row


def _of_cohort(uow: CohortsUnit, cohort_id: UUID, survey_id: UUID) -> Survey:
    found = uow.surveys.get(survey_id)
    if found.cohort_id != cohort_id:
        raise NotFound("There is no such survey.")
    return found


def _questions_alone(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {
        language: {key: text for key, text in said.items() if key not in ("title", "intro")}
        for language, said in words.items()
    }


def change_survey(
    uow: CohortsUnit,
    survey_id: UUID,
    settings: Settings,
    revision: int | None,
    questions: Sequence[Question] | None = None,
) -> Survey:
    """Change a draft's settings, and all of its questions if they are given.

    Raises:
        Conflict: it is published. Stale: somebody else has changed it since. Invalid: a field cannot be accepted.
    """
    row = _draft(uow, survey_id, revision)
    if questions is not None:
        check_questions(questions)
        row.questions = [as_json(question) for question in questions]
    _fill(uow, row, settings)
    uow.session.flush()
    return row


def keep_question(uow: CohortsUnit, survey_id: UUID, question: Question, revision: int | None) -> Survey:
    """Put a question at the end, or in the place of the one with its id.

    Raises:
        Invalid: a field of it cannot be accepted, or a later question depends on an answer that it no longer has.
        Conflict, Stale: as for `change_survey`.
    """
    row = _draft(uow, survey_id, revision)
    questions = list(read_questions(row.questions))
    place = next((at for at, each in enumerate(questions) if each.id == question.id), len(questions))
    problems = question_problems(question, questions[:place])
    if problems:
        raise Invalid({field: [text] for field, text in problems.items()})
    questions[place : place + 1] = [question]
    _keep(row, questions)
    return row


def move_question(uow: CohortsUnit, survey_id: UUID, question_id: str, by: int, revision: int | None) -> Survey:
    """Move a question up (by -1) or down (by 1); at the end of the list it stays.

    Raises:
        Conflict: a question would come before the one it depends on.
        NotFound: there is no such question.
    """
    row = _draft(uow, survey_id, revision)
    questions = list(read_questions(row.questions))
    place = _place(questions, question_id)
    questions.insert(min(max(place + by, 0), len(questions) - 1), questions.pop(place))
    try:
        _keep(row, questions)
    except Invalid:
        raise Conflict("A question has to stay after the one that leads to it.") from None
    return row


def remove_question(uow: CohortsUnit, survey_id: UUID, question_id: str, revision: int | None) -> Survey:
    """Take a question out.

    Raises:
        Conflict: another question depends on it.
        NotFound: there is no such question.
    """
    row = _draft(uow, survey_id, revision)
    questions = list(read_questions(row.questions))
    questions.pop(_place(questions, question_id))
    try:
        _keep(row, questions)
    except Invalid:
        raise Conflict("Another question depends on this one. Change that one first.") from None
    return row


def _keep(row: Survey, questions: Sequence[Question]) -> None:
    check_questions(questions)
    row.questions = [as_json(question) for question in questions]


def _place(questions: Sequence[Question], question_id: str) -> int:
    for place, question in enumerate(questions):
        if question.id == question_id:
            return place
    raise NotFound("There is no such question.")


def translate_survey(
    uow: CohortsUnit, survey_id: UUID, language: str, said: Mapping[str, str], revision: int | None
) -> Survey:
    """Say a survey in another language; what is left empty is shown in English. Published surveys too can be put right.

    Raises:
        Invalid: it is not one of the languages, or a text is too long.
        Stale: somebody else has changed it since.
    """
    row = uow.surveys.get(survey_id, lock=True)
    if language not in LANGUAGES:
        raise Invalid({"language": ["Choose one of the languages."]})
    keys = phrases(row.title, row.intro, read_questions(row.questions))
    kept = {key: said[key].strip() for key in keys if said.get(key, "").strip()}
    long = {key: ["Keep this under 2,000 characters."] for key, text in kept.items() if len(text) > 2_000}
    if long:
        raise Invalid(long)
    step(row, revision)
    row.words = {**row.words, language: kept}
    return row


def remove_survey(uow: CohortsUnit, survey_id: UUID) -> UUID:
    """Take a draft away; the number of its round.

    Raises:
        Conflict: it is published.
    """
    row = _draft(uow, survey_id, None)
    round_id = uow.cohorts.get(row.cohort_id).round_id
    uow.surveys.remove(row)
    return round_id


def _draft(uow: CohortsUnit, survey_id: UUID, revision: int | None) -> Survey:
    row = uow.surveys.get(survey_id, lock=True)
    if row.state != DRAFT:
        raise Conflict("This survey is published, so what it asks cannot change any more. Make a new one like it.")
    step(row, revision)
    return row


def _fill(uow: CohortsUnit, row: Survey, settings: Settings) -> None:
    _check(uow, row.cohort_id, settings)
    tidy = replace(settings, title=settings.title.strip(), intro=settings.intro.strip())
    for name in ("title", "intro", "moment", "anonymous", "minutes", "opens_at", "closes_at"):
        setattr(row, name, getattr(tidy, name))
    row.session_id = settings.session_id if settings.moment == SESSION else None


def _check(uow: CohortsUnit, cohort_id: UUID, settings: Settings) -> None:
    problems: dict[str, list[str]] = {}
    if not 1 <= len(settings.title.strip()) <= 200:
        problems["title"] = ["Give the survey a name, in up to 200 characters."]
    if len(settings.intro) > 2_000:
        problems["intro"] = ["Keep this under 2,000 characters."]
    if settings.moment not in MOMENTS:
        problems["moment"] = ["Choose when it is asked."]
    if settings.moment == SESSION and settings.session_id not in {s.id for s in uow.sessions.of_cohort(cohort_id)}:
        problems["session_id"] = ["Choose a session of this cohort."]
    if settings.minutes is not None and not 1 <= settings.minutes <= 120:
        problems["minutes"] = ["Write from 1 to 120 minutes, or leave it empty."]
    if settings.opens_at and settings.closes_at and settings.closes_at <= settings.opens_at:
        problems["closes_at"] = ["It has to close after it opens."]
    if problems:
        raise Invalid(problems)
