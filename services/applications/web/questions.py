"""The questions of a section in the order in which a page asks them, follow-up questions under what brings them up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.applications.domain.forms import Form, Kind, Question, Section, questions_asked

_ONE_CHOICE = re.compile(r'(\w+) == "([^"]*)"')


@dataclass(frozen=True)
class Asked:
    """A question on a page. `follow_ups` are asked under one of its options, by the option's value.

    They are on the page whatever is chosen, and hidden by the style sheet until their option is: no script, no
    second visit to the page.
    """

    question: Question
    follow_ups: dict[str, list["Asked"]] = field(default_factory=dict)

    def ids(self) -> list[str]:
        """Every question in here."""
        inner = [id for asked in self.follow_ups.values() for each in asked for id in each.ids()]
        return [self.question.id, *inner]


def arranged(form: Form, section: Section, answers: Mapping[str, Any]) -> list[Asked]:
    """What to ask: questions that hang on one option of another one here go under it; others only when asked for."""
    wanted = {question.id for question in questions_asked(form, section, dict(answers))}
    every = {question.id: Asked(question) for question in section.questions}
    top = []
    for asked in every.values():
        place = _place(asked.question, every)
        if place is not None:
            every[place[0]].follow_ups.setdefault(place[1], []).append(asked)
        elif asked.question.id in wanted:
            top.append(asked)
    return top


def _place(question: Question, every: Mapping[str, Asked]) -> tuple[str, str] | None:
    """(question, option) that this one follows, when its condition says just that."""
    if question.condition is None:
        return None
    found = _ONE_CHOICE.fullmatch(question.condition.source.strip())
    parent = every.get(found[1]) if found else None
    if found is None or parent is None or parent.question.kind not in (Kind.CHOICE, Kind.YES_NO):
        return None
    if len(parent.question.options) > LONGEST_RADIOS:
        return None
    return (found[1], found[2]) if found[2] in {option.value for option in parent.question.options} else None


LONGEST_RADIOS = 8
"""Choices with more options are drop-down lists, under which nothing can be asked."""
