"""Two versions of a section: what this window typed, and what another window, device or helper saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.applications.domain.forms import Section, parse_answers
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import Draft
from services.applications.web.answers import in_words


@dataclass(frozen=True)
class Two:
    """One question with both answers, in words."""

    id: str
    label: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Elsewhere:
    """The questions that differ, everything that this window typed, and who saved the other version and when."""

    rows: list[Two]
    typed: dict[str, Any]
    who: str
    when: datetime | None


def seen_elsewhere(
    uow: ApplicationsUnitOfWork, draft: Draft, section: Section, sent: Mapping[str, Any], language: str
) -> Elsewhere:
    """What differs between what was sent and what is stored."""
    typed, _problems = parse_answers(draft.form, section, sent, earlier=draft.answers, language=language)
    rows = [
        Two(
            question.id,
            question.label.say(language),
            in_words(question, typed[question.id], language),
            in_words(question, draft.answers.get(question.id), language),
        )
        for question in section.questions
        if question.id in typed and draft.answers.get(question.id) != typed[question.id]
    ]
    last = uow.helping.last_change(draft.row.id, section.id)
    person = uow.people.find(last.person_id) if last else None
    who = person.name if person else ""
    return Elsewhere(rows, {**draft.answers, **typed}, who, last.at if last else None)
