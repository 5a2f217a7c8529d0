"""A survey's form: read step by step, carried along in the page itself, so that nothing is kept before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from services.cohorts.domain.survey import Question
from services.cohorts.domain.survey_answers import Given, asked, read, steps
from shared.errors import Invalid
from shared.web.spoken import in_own_words

FIELD = "q-"


@dataclass(frozen=True, slots=True)
class Step:
    """What a page shows: the questions to answer now, and what was answered on other pages as (name, value)."""

    number: int
    count: int
    questions: tuple[Question, ...]
    given: Mapping[str, Sequence[str]]
    carried: tuple[tuple[str, str], ...]
    errors: Mapping[str, Sequence[str]]
    last: bool


def given_in(form: MultiDict[str, str], questions: Sequence[Question]) -> dict[str, list[str]]:
    """What a form sent for each question."""
    return {question.id: form.getlist(FIELD + question.id) for question in questions}


def step_at(
    questions: Sequence[Question], given: Given, number: int, errors: Mapping[str, Sequence[str]] | None = None
) -> Step:
    """The page of this number, with only those questions that are asked of somebody with these answers."""
    pages = steps(questions)
    number = min(max(number, 0), len(pages) - 1)
    wanted = asked(questions, _readable(questions, given))
    shown = tuple(question for question in pages[number] if question in wanted)
    elsewhere = [question for question in questions if question not in shown]
    return Step(
        number=number,
        count=len(pages),
        questions=shown,
        given=given,
        carried=tuple((FIELD + one.id, value) for one in elsewhere for value in given.get(one.id, ()) if value.strip()),
        errors={FIELD + id if id else "": texts for id, texts in in_own_words(errors or {}).items()},
        last=number == len(pages) - 1,
    )


def turn(questions: Sequence[Question], given: Given, number: int, back: bool) -> Step | None:
    """The page after this one, or before it; None when there is none after it and the answers can be sent.

    What cannot be taken as an answer leads to the first page on which there is such a thing.
    """
    pages = steps(questions)
    number = min(max(number, 0), len(pages) - 1)
    if back:
        return step_at(questions, given, _beside(questions, given, range(number - 1, -1, -1)) or 0)
    try:
        read([question for page in pages[: number + 1] for question in page], given)
    except Invalid as error:
        return wrong(questions, given, error)
    after = _beside(questions, given, range(number + 1, len(pages)))
    return None if after is None else step_at(questions, given, after)


def wrong(questions: Sequence[Question], given: Given, error: Invalid) -> Step:
    """The first page on which something is wrong, with what it is."""
    pages = steps(questions)
    place = next((at for at, page in enumerate(pages) if any(q.id in error.problems for q in page)), len(pages) - 1)
    here = {question.id for question in pages[place]} | {""}
    if "" in error.problems:
        place = 0
    return step_at(questions, given, place, {id: texts for id, texts in error.problems.items() if id in here})


def _beside(questions: Sequence[Question], given: Given, places: range) -> int | None:
    pages, wanted = steps(questions), asked(questions, _readable(questions, given))
    return next((at for at in places if any(question in wanted for question in pages[at])), None)


def _readable(questions: Sequence[Question], given: Given) -> dict[str, object]:
    """The answers as far as they can be read: enough to know what is asked."""
    answers: dict[str, object] = {}
    for question in questions:
        try:
            answers |= read([replace(question, condition=None)], given)
        except Invalid:
            continue
    return answers
