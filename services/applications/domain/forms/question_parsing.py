"""Reads one question of a form, with the rules that keep applicants safe: what may be required, shown or exported."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from services.applications.domain.conditions import Variable
from services.applications.domain.forms.kinds import (
    IDENTIFYING,
    PREFER_NOT_TO_SAY,
    WITH_ATTRIBUTE,
    WITH_PREFER_NOT_TO_SAY,
    Kind,
    Purpose,
    Sensitivity,
)
from services.applications.domain.forms.model import Choice, Question
from services.applications.domain.reading import Reader
from services.applications.domain.regions import REGIONS
from services.applications.domain.text import Text

MAX_CHOICES = 100
FILE_TYPES = frozenset({"pdf", "docx", "odt", "rtf", "txt", "jpg", "png", "mp3", "m4a", "mp4"})
UK_REGIONS = "uk_regions"
_COMMON = (
    "id", "kind", "label", "help", "content_warning", "required", "condition", "panel_may_see", "sensitivity",
    "attribute",
)  # fmt: skip


def parse_question(reader: Reader, purpose: Purpose, scope: Mapping[str, Variable]) -> Question:
    """Return the question that `reader` holds. `scope` is what its condition may refer to: the earlier questions."""
    kind = reader.one_of("kind", Kind) or Kind.SHORT_TEXT
    limits = _LIMITS.get(kind, _no_limits)(reader)
    if kind is Kind.CALCULATION:
        limits["formula"] = reader.formula("formula", scope)
    reader.refuse_others((*_COMMON, *_SETTINGS.get(kind, ())))
    question = Question(
        id=reader.identifier("id") or "",
        kind=kind,
        label=reader.text("label", required=True),
        help=reader.text("help"),
        content_warning=reader.text("content_warning"),
        required=reader.flag("required"),
        condition=reader.condition("condition", scope),
        panel_may_see=reader.flag("panel_may_see"),
        sensitivity=reader.one_of("sensitivity", Sensitivity, purpose.sensitivity) or Sensitivity.ORDINARY,
        attribute=reader.identifier("attribute", required=False),
        prefer_not_to_say=_prefer_not(reader, kind, purpose),
        **limits,
    )
    _check_safety(reader, question, purpose)
    return question


def settings_for(kind: Kind) -> tuple[str, ...]:
    """Return the names of every setting that a question of this kind may have."""
    return (*_COMMON, *_SETTINGS.get(kind, ()))


def _prefer_not(reader: Reader, kind: Kind, purpose: Purpose) -> bool:
    offered = kind in WITH_PREFER_NOT_TO_SAY
    return reader.flag("prefer_not_to_say", default=offered and purpose is Purpose.EQUALITY) and offered


def _check_safety(reader: Reader, question: Question, purpose: Purpose) -> None:
    sensitivity = question.sensitivity
    if purpose is not Purpose.ASSESSED and sensitivity is not purpose.sensitivity:
        reader.problem("sensitivity", f"Every question in this section is for {purpose.value}: leave this out.")
    if purpose is Purpose.ASSESSED and sensitivity is Sensitivity.EQUALITY:
        reader.problem("sensitivity", "Equality questions belong in a section whose purpose is equality.")
    if question.required and sensitivity is Sensitivity.EQUALITY:
        reader.problem("required", "An equality question is always optional.")
    if question.required and question.kind is Kind.CALCULATION:
        reader.problem("required", "A calculation is worked out, not answered: it cannot be required.")
    if question.required and question.content_warning:
        reader.problem("required", "A question with a content warning can always be skipped: it cannot be required.")
    if (
        sensitivity is Sensitivity.EQUALITY
        and question.kind in WITH_PREFER_NOT_TO_SAY
        and not question.prefer_not_to_say
    ):
        reader.problem("prefer_not_to_say", "An equality question always offers “prefer not to say”.")
    _check_panel(reader, question)
    _check_attribute(reader, question)


def _check_panel(reader: Reader, question: Question) -> None:
    if not question.panel_may_see:
        return
    if question.sensitivity not in (Sensitivity.ORDINARY, Sensitivity.SPECIAL):
        reader.problem("panel_may_see", f"A panel never sees {question.sensitivity.value} answers.")
    if question.kind in IDENTIFYING:
        reader.problem(
            "panel_may_see",
            f"A panel never sees a question of the kind {question.kind.value}: it can identify somebody.",
        )


def _check_attribute(reader: Reader, question: Question) -> None:
    if question.attribute is None:
        return
    if question.kind not in WITH_ATTRIBUTE:
        reader.problem(
            "attribute", f"A {question.kind.value} answer cannot be a selection attribute. Use `attributes` with bands."
        )
    if question.sensitivity in (Sensitivity.EQUALITY, Sensitivity.ACCESS):
        reader.problem("attribute", f"{question.sensitivity.value.capitalize()} answers are never used in a selection.")
    if question.sensitivity is Sensitivity.CONTACT and question.kind is not Kind.POSTCODE:
        reader.problem("attribute", "Of the contact details only the region of a postcode may be used in a selection.")


_SETTINGS: dict[Kind, tuple[str, ...]] = {
    Kind.SHORT_TEXT: ("word_limit", "autocomplete"),
    Kind.LONG_TEXT: ("word_limit",),
    Kind.CHOICE: ("choices", "prefer_not_to_say"),
    Kind.MANY_CHOICES: ("choices", "prefer_not_to_say", "most"),
    Kind.YES_NO: ("prefer_not_to_say",),
    Kind.NUMBER: ("minimum", "maximum", "decimals", "unit"),
    Kind.CALCULATION: ("formula", "decimals", "unit"),
    Kind.DATE: ("earliest", "latest"),
    Kind.FILE: ("accept", "most", "megabytes"),
    Kind.EMAIL: ("autocomplete",),
    Kind.PHONE: ("autocomplete",),
    Kind.ORGANISATION: ("autocomplete",),
    Kind.POSTCODE: ("autocomplete",),
}


def _no_limits(reader: Reader) -> dict[str, Any]:
    return {"autocomplete": reader.word("autocomplete") or ""} if reader.given("autocomplete") else {}


def _text_limits(reader: Reader) -> dict[str, Any]:
    return {"word_limit": reader.whole("word_limit", 1, 5000), **_no_limits(reader)}


def _choice_limits(reader: Reader) -> dict[str, Any]:
    if reader.data.get("choices") == UK_REGIONS:
        regions = tuple(Choice(value, Text({"en": name})) for value, name in REGIONS.items())
        return {"choices": regions, "choices_from": UK_REGIONS, "most": reader.whole("most", 1, MAX_CHOICES)}
    choices = tuple(_choice(one) for one in reader.items("choices", low=1, high=MAX_CHOICES))
    values = [choice.value for choice in choices]
    for value in sorted({value for value in values if values.count(value) > 1}):
        reader.problem("choices", f"Two choices have the value “{value}”.")
    return {"choices": choices, "most": reader.whole("most", 1, MAX_CHOICES)}


def _choice(reader: Reader) -> Choice:
    reader.refuse_others(("value", "label", "help", "exclusive"))
    value = reader.value("value") or ""
    if value == PREFER_NOT_TO_SAY:
        reader.problem("value", "Write prefer_not_to_say: true on the question instead.")
    return Choice(value, reader.text("label", required=True), reader.text("help"), reader.flag("exclusive"))


def _number_limits(reader: Reader) -> dict[str, Any]:
    low, high = reader.number("minimum"), reader.number("maximum")
    if low is not None and high is not None and low > high:
        reader.problem("maximum", "The maximum is below the minimum.")
    decimals = reader.whole("decimals", 0, 6) or 0
    if low is not None and high is not None and not _holds_a_number(low, high, decimals):
        reader.problem("maximum", "No number with so few decimals lies between the minimum and the maximum.")
    return {"minimum": low, "maximum": high, "decimals": decimals, "unit": reader.word("unit") or ""}


def _holds_a_number(low: float, high: float, decimals: int) -> bool:
    step = Fraction(1, 10**decimals)
    return -(-Fraction(str(low)) // step) * step <= Fraction(str(high))


def _date_limits(reader: Reader) -> dict[str, Any]:
    earliest, latest = reader.date("earliest"), reader.date("latest")
    if earliest and latest and earliest > latest:
        reader.problem("latest", "The latest date is before the earliest.")
    return {"earliest": earliest, "latest": latest}


def _file_limits(reader: Reader) -> dict[str, Any]:
    accept = reader.words("accept")
    for kind in accept:
        if kind not in FILE_TYPES:
            reader.problem("accept", f"“{kind}” is not one of: {', '.join(sorted(FILE_TYPES))}.")
    return {"accept": accept, "most": reader.whole("most", 1, 20), "megabytes": reader.whole("megabytes", 1, 100)}


_LIMITS: dict[Kind, Callable[[Reader], dict[str, Any]]] = {
    Kind.SHORT_TEXT: _text_limits,
    Kind.LONG_TEXT: _text_limits,
    Kind.CHOICE: _choice_limits,
    Kind.MANY_CHOICES: _choice_limits,
    Kind.NUMBER: _number_limits,
    Kind.CALCULATION: lambda reader: {
        "decimals": reader.whole("decimals", 0, 6) or 0,
        "unit": reader.word("unit") or "",
    },
    Kind.DATE: _date_limits,
    Kind.FILE: _file_limits,
}
