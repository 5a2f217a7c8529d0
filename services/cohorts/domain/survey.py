"""A survey: what it asks, whom and when, and what has to be right before it goes out."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.errors import Invalid

DRAFT, PUBLISHED, CLOSED = "draft", "published", "closed"
BASELINE, MID, END, SESSION = "baseline", "mid", "end", "session"
MOMENTS = (BASELINE, MID, END, SESSION)
YES_NO, CHOICE, MANY, SCALE, NUMBER, TEXT = "yes_no", "choice", "many", "scale", "number", "long_text"
KINDS = (YES_NO, CHOICE, MANY, SCALE, NUMBER, TEXT)
COUNTED = (YES_NO, CHOICE, MANY, SCALE)
"""Kinds whose answers are counted, option by option; only these can stand in a condition."""
STEPS = ("1", "2", "3", "4", "5")
LONGEST_TEXT = 4_000
MOST_QUESTIONS, MOST_CHOICES = 60, 20
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,38}")
_SECONDS = {YES_NO: 12, CHOICE: 18, MANY: 25, SCALE: 12, NUMBER: 20, TEXT: 75}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be picked."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only of those who gave one of these answers to an earlier question."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `choices` are for the kinds choice and many, `anchors` say what 1 and 5 of a scale mean, `lowest`
    and `highest` are the ends of a number. Nobody has to answer it."""

    id: str
    kind: str
    text: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    anchors: tuple[str, str] = ("", "")
    lowest: int | None = None
    highest: int | None = None
    condition: Condition | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """Every answer that is counted on its own; nothing for numbers and texts."""
        if self.kind == YES_NO:
            return ("yes", "no")
        return STEPS if self.kind == SCALE else tuple(choice.value for choice in self.choices)

    def label(self, value: str) -> str:
        """An option in words, in English where the words are ours."""
        if self.kind == YES_NO:
            return {"yes": "Yes", "no": "No"}.get(value, value)
        if self.kind == SCALE:
            anchor = {"1": self.anchors[0], "5": self.anchors[1]}.get(value, "")
            return f"{value}: {anchor}" if anchor else value
        return next((choice.label for choice in self.choices if choice.value == value), value)


def as_json(question: Question) -> dict[str, Any]:
    """A question as it is kept and as the API shows it."""
    return {
        "id": question.id,
        "kind": question.kind,
        "text": question.text,
        "hint": question.hint,
        "choices": [{"value": choice.value, "label": choice.label} for choice in question.choices],
        "anchors": list(question.anchors),
        "lowest": question.lowest,
        "highest": question.highest,
        "condition": (
            {"question": question.condition.question, "values": list(question.condition.values)}
            if question.condition
            else None
        ),
    }


def read_questions(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions out of their JSON form, which has been checked for its shape."""
    return tuple(_question(row) for row in rows)


def _question(row: Mapping[str, Any]) -> Question:
    condition, anchors = row.get("condition"), list(row.get("anchors") or [])
    return Question(
        id=row["id"],
        kind=row["kind"],
        text=row["text"],
        hint=row.get("hint", ""),
        choices=tuple(Choice(each["value"], each["label"]) for each in row.get("choices") or ()),
        anchors=(anchors[0], anchors[1]) if len(anchors) == 2 else ("", ""),
        lowest=row.get("lowest"),
        highest=row.get("highest"),
        condition=Condition(condition["question"], tuple(condition["values"])) if condition else None,
    )


def check_questions(questions: Sequence[Question]) -> None:
    """Raise Invalid, by the id of the question, with everything that is wrong with them."""
    problems: dict[str, list[str]] = {}
    if len(questions) > MOST_QUESTIONS:
        problems["questions"] = [f"Ask at most {MOST_QUESTIONS} questions: fewer get better answers."]
    for place, question in enumerate(questions):
        found = list(question_problems(question, questions[:place]).values())
        if question.id in {before.id for before in questions[:place]}:
            found.append(f"Two questions are called “{question.id}”.")
        if found:
            problems[question.id or str(place + 1)] = found
    if problems:
        raise Invalid(problems)


def question_problems(question: Question, before: Sequence[Question]) -> dict[str, str]:
    """What is wrong with a question that comes after these, by field."""
    problems: dict[str, str] = {}
    if not ID.fullmatch(question.id):
        problems["id"] = "Name the question in small letters, figures and hyphens."
    if question.kind not in KINDS:
        problems["kind"] = "Choose how it is answered."
    if not 1 <= len(question.text.strip()) <= 400:
        problems["text"] = "Write the question, in up to 400 characters."
    if len(question.hint) > 400:
        problems["hint"] = "Keep this under 400 characters."
    problems |= _choice_problems(question) | _number_problems(question) | _condition_problems(question, before)
    return problems


def _choice_problems(question: Question) -> dict[str, str]:
    values = [choice.value for choice in question.choices]
    labels = [choice.label.strip().casefold() for choice in question.choices]
    if question.kind not in (CHOICE, MANY):
        return {}
    if not 2 <= len(values) <= MOST_CHOICES:
        return {"choices": f"Give from 2 to {MOST_CHOICES} choices, one in each line."}
    if len(set(values)) < len(values) or len(set(labels)) < len(labels):
        return {"choices": "Two choices are the same."}
    if not all(1 <= len(label) <= 200 for label in labels) or not all(ID.fullmatch(value) for value in values):
        return {"choices": "Keep each choice between 1 and 200 characters."}
    return {}


def _number_problems(question: Question) -> dict[str, str]:
    if question.kind == SCALE and not all(1 <= len(anchor.strip()) <= 100 for anchor in question.anchors):
        return {"anchors": "Say what 1 and what 5 mean, in up to 100 characters each."}
    ends = (question.lowest, question.highest)
    if question.kind == NUMBER and None not in ends and ends[0] >= ends[1]:  # type: ignore[operator]
        return {"highest": "The highest number is not above the lowest."}
    return {}


def _condition_problems(question: Question, before: Sequence[Question]) -> dict[str, str]:
    if question.condition is None:
        return {}
    source = next((each for each in before if each.id == question.condition.question), None)
    if source is None or source.kind not in COUNTED:
        return {"condition": "Choose an earlier question that is answered by choosing."}
    if not question.condition.values or not set(question.condition.values) <= set(source.options):
        return {"condition": "Choose which answers lead to this question."}
    if source.kind == MANY and len(question.condition.values) > 1:
        # Answers overlap there, and what could be worked out from two of them together cannot be told in advance.
        return {"condition": "Of a question with many answers, choose one that leads to this question."}
    return {}


def minutes_for(questions: Sequence[Question]) -> int:
    """About how long it takes."""
    return max(1, math.ceil(sum(_SECONDS[question.kind] for question in questions) / 60))


def reminder_at(opens_at: datetime, closes_at: datetime) -> datetime | None:
    """When who has not answered is reminded, once; None where it would come too soon after the invitation."""
    days = (closes_at - opens_at) / timedelta(days=1)
    if days < 2:
        return None
    return closes_at - timedelta(days=2 if days >= 5 else 1)


def spoken(questions: Sequence[Question], words: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions in another language, as far as there are words for them."""
    return tuple(
        replace(
            question,
            text=words.get(question.id) or question.text,
            hint=words.get(f"{question.id}.hint") or question.hint,
            choices=tuple(
                Choice(choice.value, words.get(f"{question.id}.{choice.value}") or choice.label)
                for choice in question.choices
            ),
            anchors=(
                words.get(f"{question.id}.low") or question.anchors[0],
                words.get(f"{question.id}.high") or question.anchors[1],
            ),
        )
        for question in questions
    )


def phrases(title: str, intro: str, questions: Sequence[Question]) -> dict[str, str]:
    """Everything that a translator says in another language, by the key that `spoken` looks for."""
    found = {"title": title, "intro": intro}
    for question in questions:
        found |= {question.id: question.text, f"{question.id}.hint": question.hint}
        found |= {f"{question.id}.{choice.value}": choice.label for choice in question.choices}
        if question.kind == SCALE:
            found |= {f"{question.id}.low": question.anchors[0], f"{question.id}.high": question.anchors[1]}
    return {key: text for key, text in found.items() if text}
