"""Answers as pages show them: by section, in words, with where to change them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale

from services.applications.domain.forms import (
    Kind,
    Question,
    Section,
    questions_asked,
    section_status,
)
from services.applications.domain.regions import REGIONS
from services.applications.use_cases.fill_in import Draft
from services.applications.web.wording import said_day
from shared.web.i18n import direction
from shared.web.i18n import gettext as _

_TONES = {
    "not_started": "neutral",
    "optional": "quiet",
    "in_progress": "warn",
    "complete": "good",
    "not_needed": "quiet",
}


def _listed(texts: Sequence[str], language: str) -> str:
    """Several in one line, with the comma of the language."""
    return ("، " if direction(language) == "rtl" else ", ").join(texts)


def in_words(question: Question, value: Any, language: str, files: Mapping[str, str] | None = None) -> str:
    """An answer as a person reads it; empty for none. What could not be understood is shown as it was typed.

    `files` are the names of files by id.
    """
    if value in (None, "", []):
        return ""
    if question.kind is Kind.CONSENT:
        return _("Agreed")
    if question.kind is Kind.FILE:
        known = [files[each] for each in value if each in files] if files else []
        return _listed(known, language) or _("Files: %(count)s", count=len(value))
    if question.kind is Kind.DATE:
        return said_day(str(value))
    if question.choices_from == "uk_regions" and isinstance(value, str):
        return REGIONS.get(value, value)
    if isinstance(value, list):
        return _listed([question.option_label(str(each), language) for each in value], language)
    if question.options:
        return question.option_label(str(value), language)
    return _amount(question, value) if isinstance(value, int | float) else str(value)


def _amount(question: Question, value: float) -> str:
    number = format_decimal(value, locale=get_locale())
    if question.unit == "£":
        return f"£{number}"
    return f"{number} {question.unit}".strip()


def section_rows(draft: Draft, language: str) -> dict[str, Any]:
    """The sections as tasks, how many are done, and whether the draft can be sent."""
    states = [(section, _state(draft, section)) for section in draft.sections]
    done = sum(state in ("complete", "not_needed") for _section, state in states)
    tasks = [_task(draft, section, state, language) for section, state in states]
    return {"tasks": tasks, "done": done, "total": len(tasks)}


def _state(draft: Draft, section: Section) -> str:
    """How far a section is; one of optional questions alone is done once its owner has been there."""
    state = section_status(draft.form, section, draft.answers)
    if state != "not_started" or any(question.required for question in section.questions):
        return state
    return "complete" if section.id in draft.row.visited else "optional"


def _task(draft: Draft, section: Section, state: str, language: str) -> dict[str, Any]:
    words = {
        "not_started": _("Not started"),
        "optional": _("Optional"),
        "in_progress": _("In progress"),
        "complete": _("Done"),
        "not_needed": _("Not needed"),
    }
    return {
        "text": section.title.say(language),
        "href": f"/applications/{draft.row.id}/sections/{section.id}",
        "status": words[state],
        "tone": _TONES[state],
    }


def answer_rows(draft: Draft, language: str, files: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Every section with its questions and answers, for checking and for reading later; `files` by id."""
    found = []
    for section in draft.sections:
        change = f"/applications/{draft.row.id}/sections/{section.id}"
        rows = [
            {
                "key": question.label.say(language),
                "value": in_words(question, draft.answers.get(question.id), language, files),
                "href": f"{change}#{question.id}" if draft.row.state == "draft" else None,
                "hidden": question.label.say(language),
                "id": question.id,
            }
            for question in questions_asked(draft.form, section, draft.answers)
        ]
        found.append({"title": section.title.say(language), "rows": rows, "id": section.id})
    return found


def problem_links(draft: Draft, problems: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Problems found at sending, each with the page and the field where it can be put right."""
    links = []
    for question_id, texts in problems.items():
        if question_id not in draft.form.questions:
            links += [{"text": text} for text in texts]
            continue
        section = draft.form.section_of(question_id)
        if not draft.reach.covers(section.id):
            links.append({"text": _("Something is missing in a part of the form that you do not help with.")})
            continue
        href = f"/applications/{draft.row.id}/sections/{section.id}#{question_id}"
        links += [{"text": text, "href": href} for text in texts]
    return links


def following(draft: Draft, section_id: str) -> str:
    """The page after a section: the next one that is needed, then the check of all answers."""
    ids = [section.id for section in draft.sections]
    later = ids[ids.index(section_id) + 1 :] if section_id in ids else ids
    for each in later:
        if section_status(draft.form, each, draft.answers) != "not_needed":
            return f"/applications/{draft.row.id}/sections/{each}"
    return f"/applications/{draft.row.id}/check"


def place_of(sections: Iterable[Section], section_id: str) -> tuple[int, int]:
    """Which of the sections that the reader may open, and of how many."""
    ids = [section.id for section in sections]
    return (ids.index(section_id) + 1 if section_id in ids else 1), len(ids)
