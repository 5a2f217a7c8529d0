"""A form filled in without keeping anything: the answers travel with the pages."""

import json
from collections.abc import Mapping
from typing import Any

from services.applications.domain.forms import Form, Section, merge_answers, questions_asked, section_status, worked_out
from services.applications.web.answers import in_words

LONGEST = 200_000
Answers = dict[str, Any]


def carried(text: str, form: Form) -> Answers:
    """The answers that a page of the preview brought along; what is none of the form's is left out."""
    if len(text) > LONGEST:
        return {}
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in found.items() if key in form.questions} if isinstance(found, dict) else {}


def with_calculations(form: Form, answers: Mapping[str, Any]) -> Answers:
    """The answers with the results that follow from them."""
    return {**answers, **worked_out(form, answers)}


def after(form: Form, section_id: str, answers: Mapping[str, Any]) -> Section | None:
    """The next section that has something to ask, or None at the end."""
    ids = [section.id for section in form.all_sections]
    for section in form.all_sections[ids.index(section_id) + 1 :]:
        if section_status(form, section, answers) != "not_needed":
            return section
    return None


def rows(form: Form, answers: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """Every section with its questions and answers, as the check of all answers shows them."""
    everything = merge_answers(answers, with_calculations(form, answers))
    return [
        {
            "title": section.title.say(language),
            "rows": [
                {"key": one.label.say(language), "value": in_words(one, everything.get(one.id), language)}
                for one in questions_asked(form, section, everything)
            ],
        }
        for section in form.sections
    ]
