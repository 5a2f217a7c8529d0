"""Writes a form back as plain dicts and lists: `parse_form(dump_form(form)) == form`."""

from typing import Any

from services.applications.domain.forms.kinds import WITH_PREFER_NOT_TO_SAY, Purpose
from services.applications.domain.forms.model import (
    FORMAT,
    Choice,
    DerivedAttribute,
    Eligibility,
    Form,
    Question,
    Refusal,
    Section,
)

Definition = dict[str, Any]


def dump_form(form: Form) -> Definition:
    """Return the definition of `form`, ready for JSON or YAML. Settings that are at their default are left out."""
    return _without_empty(
        {
            "format": FORMAT,
            "title": form.title.dump(),
            "languages": list(form.languages),
            "eligibility": _eligibility(form.eligibility) if form.eligibility else None,
            "sections": [_section(section) for section in form.sections],
            "attributes": [_derived(attribute) for attribute in form.attributes],
        }
    )


def _without_empty(definition: Definition) -> Definition:
    return {key: value for key, value in definition.items() if value not in (None, "", [], {}, False)}


def _eligibility(eligibility: Eligibility) -> Definition:
    section = _section(eligibility.section)
    section.pop("id"), section.pop("purpose")
    return {**section, "refusals": [_refusal(refusal) for refusal in eligibility.refusals]}


def _refusal(refusal: Refusal) -> Definition:
    elsewhere = [
        _without_empty({"name": one.name.dump(), "about": one.about.dump(), "link": one.link})
        for one in refusal.elsewhere
    ]
    return _without_empty({"when": refusal.when.source, "reason": refusal.reason.dump(), "elsewhere": elsewhere})


def _section(section: Section) -> Definition:
    return _without_empty(
        {
            "id": section.id,
            "title": section.title.dump(),
            "intro": section.intro.dump(),
            "purpose": section.purpose.value,
            "questions": [dump_question(question, section.purpose) for question in section.questions],
        }
    )


def dump_question(question: Question, purpose: Purpose = Purpose.ASSESSED) -> Definition:
    """Return the definition of one question of a section with this purpose."""
    definition = {
        "id": question.id,
        "kind": question.kind.value,
        "label": question.label.dump(),
        "help": question.help.dump(),
        "content_warning": question.content_warning.dump(),
        "required": question.required,
        "choices": question.choices_from or [_choice(choice) for choice in question.choices],
        "word_limit": question.word_limit,
        "most": question.most,
        "unit": question.unit,
        "earliest": question.earliest,
        "latest": question.latest,
        "accept": list(question.accept),
        "megabytes": question.megabytes,
        "autocomplete": question.autocomplete,
        "condition": question.condition.source if question.condition else None,
        "formula": question.formula.source if question.formula else None,
        "panel_may_see": question.panel_may_see,
        "sensitivity": question.sensitivity.value if question.sensitivity is not purpose.sensitivity else None,
        "attribute": question.attribute,
    }
    return {**_without_empty(definition), **_zeros(question, purpose)}


def _zeros(question: Question, purpose: Purpose) -> Definition:
    """Return the settings whose empty-looking values (0, false) mean something."""
    found: Definition = {}
    if question.minimum is not None:
        found["minimum"] = question.minimum
    if question.maximum is not None:
        found["maximum"] = question.maximum
    if question.decimals:
        found["decimals"] = question.decimals
    if question.kind in WITH_PREFER_NOT_TO_SAY and question.prefer_not_to_say is not (purpose is Purpose.EQUALITY):
        found["prefer_not_to_say"] = question.prefer_not_to_say
    return found


def _choice(choice: Choice) -> Definition:
    return _without_empty(
        {
            "value": choice.value,
            "label": choice.label.dump(),
            "help": choice.help.dump(),
            "exclusive": choice.exclusive,
        }
    )


def _derived(attribute: DerivedAttribute) -> Definition:
    values = [
        _without_empty({"value": one.value, "label": one.label.dump(), "when": one.when.source})
        for one in attribute.values
    ]
    whole = {"name": attribute.name, "label": attribute.label.dump(), "values": values}
    return _without_empty({**whole, "otherwise": attribute.otherwise})
