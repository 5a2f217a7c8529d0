"""A finished application: every answer checked once more, and told apart by who may see it."""

from dataclasses import dataclass, field

from services.applications.domain.forms.answers import Problems, check_answer
from services.applications.domain.forms.eligibility import check_eligibility
from services.applications.domain.forms.facts import Answers, Facts, asked
from services.applications.domain.forms.kinds import PREFER_NOT_TO_SAY, REGION_SUFFIX, Kind, Sensitivity
from services.applications.domain.forms.model import ELIGIBILITY, Form, Question
from services.applications.domain.forms.values import Value
from services.applications.domain.messages import Message
from services.applications.domain.regions import REGIONS
from shared.errors import Invalid

Attribute = str | list[str]


@dataclass(frozen=True)
class Parts:
    """A submission's answers told apart. The first five share no question, and together hold every answer.

    `visible` may be read in blind review; `hidden` not; `attributes` are for selection targets, by attribute name.
    """

    visible: dict[str, Value] = field(default_factory=dict)
    hidden: dict[str, Value] = field(default_factory=dict)
    contact: dict[str, Value] = field(default_factory=dict)
    equality: dict[str, Value] = field(default_factory=dict)
    access: dict[str, Value] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """Answers as they are kept for ever: checked, and without those that a condition hides."""

    answers: dict[str, Value]
    parts: Parts


def submit_answers(form: Form, answers: Answers, language: str = "en") -> Submission:
    """Return the submission made of the stored draft `answers` (those of the eligibility check among them).

    Raises shared.errors.Invalid with the problems by question id; `eligibility` stands for a refusal by the check.
    """
    shown, facts = asked(form.questions.values(), answers)
    final: dict[str, Value] = {}
    problems: Problems = {}
    for question in form.questions.values():
        if question.kind is Kind.CALCULATION:
            final.update(_worked_out(question, shown, facts))
        elif question.id in shown:
            value, problem = check_answer(question, answers.get(question.id), language)
            if problem:
                problems[question.id] = [problem]
            elif value is not None:
                final[question.id] = value
    problems = problems or _refusal(form, final, language)
    if problems:
        raise Invalid(problems, Message("Some answers need your attention before you can send this."))
    return Submission(final, split(form, final))


def _worked_out(question: Question, shown: set[str], facts: Facts) -> dict[str, Value]:
    value = facts.get(question.id) if question.id in shown else None
    return {question.id: value} if isinstance(value, int | float) else {}


def _refusal(form: Form, answers: Answers, language: str) -> Problems:
    refusals = check_eligibility(form, answers).refusals
    return {ELIGIBILITY: [refusal.reason.say(language) for refusal in refusals]} if refusals else {}


def split(form: Form, answers: dict[str, Value]) -> Parts:
    """Return submitted `answers` told apart by who may see them, with the attributes that follow from them."""
    _, facts = asked(form.questions.values(), answers)
    parts = Parts(attributes=attributes_of(form, answers, facts))
    for question in form.questions.values():
        if question.id in answers:
            _part(parts, question)[question.id] = answers[question.id]
    return parts


def _part(parts: Parts, question: Question) -> dict[str, Value]:
    match question.sensitivity:
        case Sensitivity.CONTACT:
            return parts.contact
        case Sensitivity.EQUALITY:
            return parts.equality
        case Sensitivity.ACCESS:
            return parts.access
        case _:
            return parts.visible if question.panel_may_see else parts.hidden


def attributes_of(form: Form, answers: Answers, facts: Facts) -> dict[str, Attribute]:
    """Return the selection attributes by name. One that is not known (not answered, not said) is left out."""
    found: dict[str, Attribute] = {}
    for question in form.questions.values():
        value = _attribute(question, answers, facts) if question.attribute else None
        if question.attribute and value:
            found[question.attribute] = value
    for derived in form.attributes:
        value = next((one.value for one in derived.values if one.when.holds(facts)), derived.otherwise)
        if value is not None:
            found[derived.name] = value
    return found


def _attribute(question: Question, answers: Answers, facts: Facts) -> Attribute | None:
    if question.kind is Kind.ORGANISATION:
        name = answers.get(question.id)
        return name if isinstance(name, str) else None
    value = facts.get(question.id + REGION_SUFFIX if question.kind is Kind.POSTCODE else question.id)
    if isinstance(value, list):
        return [one for one in value if one != PREFER_NOT_TO_SAY] or None
    return value if isinstance(value, str) and value != PREFER_NOT_TO_SAY else None


def attribute_labels(form: Form, language: str = "en") -> dict[str, dict[str, str]]:
    """Return attribute name -> value -> label, for those whose values are known beforehand (not organisations)."""
    labels: dict[str, dict[str, str]] = {}
    for question in form.questions.values():
        if question.attribute and question.kind is Kind.POSTCODE:
            labels[question.attribute] = dict(REGIONS)
        elif question.attribute and question.options:
            options = (option for option in question.options if option.value != PREFER_NOT_TO_SAY)
            labels[question.attribute] = {option.value: option.label.say(language) for option in options}
    for derived in form.attributes:
        values = {one.value: one.label.say(language) or one.value for one in derived.values}
        labels[derived.name] = (
            values if derived.otherwise in (None, *values) else {**values, str(derived.otherwise): "Other"}
        )
    return labels
