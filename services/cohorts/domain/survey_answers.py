"""Answers to a survey: which questions are asked of whom, in which steps, and what may be answered."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.cohorts.domain.survey import LONGEST_TEXT, MANY, NUMBER, SCALE, TEXT, Question
from shared.errors import Invalid

Answers = Mapping[str, Any]
"""Question -> "yes" or "no", a choice's value, a list of them, 1 to 5, a number, or a text. What is not answered is not
there."""
Given = Mapping[str, Sequence[str]]
"""Question -> what a form sent for it."""
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,3})?")
_CHOOSE = "Choose one of the answers."


def picked(answer: Any) -> frozenset[str]:
    """An answer as the options that it stands for."""
    if answer is None:
        return frozenset()
    return frozenset(map(str, answer)) if isinstance(answer, list | tuple) else frozenset({str(answer)})


def asked(questions: Sequence[Question], answers: Answers) -> tuple[Question, ...]:
    """The questions that are asked of somebody with these answers, in order."""
    found: dict[str, Question] = {}
    for question in questions:
        gate = question.condition
        if gate is None or (gate.question in found and picked(answers.get(gate.question)) & set(gate.values)):
            found[question.id] = question
    return tuple(found.values())


def steps(questions: Sequence[Question]) -> tuple[tuple[Question, ...], ...]:
    """The questions in pages: a question stands on a later page than the one it depends on, so that a form without
    script shows nobody what they are not asked."""
    pages: list[list[Question]] = [[]]
    for question in questions:
        if question.condition and any(before.id == question.condition.question for before in pages[-1]):
            pages.append([])
        pages[-1].append(question)
    return tuple(tuple(page) for page in pages)


def read(questions: Sequence[Question], given: Given) -> dict[str, Any]:
    """The answers to what is asked; the rest, and what is left empty, is left out.

    Raises:
        Invalid: by question, what cannot be taken as an answer.
    """
    answers: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for question in questions:
        if question not in asked(questions, answers):
            continue
        try:
            answer = _read(question, [text for text in given.get(question.id, ()) if text.strip()])
        except ValueError as error:
            problems[question.id] = [str(error)]
            continue
        if answer is not None:
            answers[question.id] = answer
    if problems:
        raise Invalid(problems)
    return answers


def _read(question: Question, given: Sequence[str]) -> Any:
    if not given:
        return None
    if question.kind == TEXT:
        return _text(given[0])
    if question.kind == NUMBER:
        return _number(question, given[0].strip())
    if not set(given) <= set(question.options) or (question.kind != MANY and len(given) > 1):
        raise ValueError(_CHOOSE)
    if question.kind == MANY:
        return [option for option in question.options if option in given]
    return int(given[0]) if question.kind == SCALE else given[0]


def _text(given: str) -> str:
    text = given.replace("\r\n", "\n").strip().replace("\0", "")
    if len(text) > LONGEST_TEXT:
        raise ValueError("This is too long. Please make it shorter.")
    return text


def _number(question: Question, given: str) -> int | float:
    if not _NUMBER.fullmatch(given):
        raise ValueError("Write a number in figures, such as 12.")
    value = float(given.replace(",", "."))
    if (question.lowest is not None and value < question.lowest) or (
        question.highest is not None and value > question.highest
    ):
        raise ValueError("This number is too small or too large. Please check it.")
    return int(value) if value.is_integer() else value


def as_given(questions: Sequence[Question], answers: Answers) -> dict[str, list[str]]:
    """Answers as a form would send them."""
    return {
        question.id: [str(value) for value in answer] if isinstance(answer, list) else [str(answer)]
        for question in questions
        if (answer := answers.get(question.id)) is not None
    }


def apart(questions: Sequence[Question], answers: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """What is counted, and what was written: they are kept apart, since only the second is ever blanked."""
    written = {question.id for question in questions if question.kind == TEXT}
    counted = {id: answer for id, answer in answers.items() if id not in written}
    return counted, {id: str(answer) for id, answer in answers.items() if id in written}
