"""What conditions may know of a set of answers: well-formed values only, of questions that are asked."""

from collections.abc import Iterable, Mapping

from services.applications.domain.conditions import Fact, Variable, is_date
from services.applications.domain.forms.kinds import REGION_SUFFIX, Kind
from services.applications.domain.forms.model import Form, Question
from services.applications.domain.forms.scope import variables
from services.applications.domain.forms.values import MAX_NUMBER
from services.applications.domain.regions import region_of

Answers = Mapping[str, object]
Facts = dict[str, object]


def facts_of_question(question: Question, value: object) -> Facts:
    """Return what one answer lets conditions know: nothing when it is missing or malformed (a draft may be)."""
    if value is None or value in ("", []):
        return {}
    if question.kind is Kind.POSTCODE:
        region = region_of(value) if isinstance(value, str) else None
        return {question.id: True, **({question.id + REGION_SUFFIX: region} if region else {})}
    found = fact_of(variables(question)[question.id], value)
    return {} if found is None else {question.id: found}


def fact_of(variable: Variable, value: object) -> object | None:
    """Return `value` if it fits `variable`, else None."""
    options = variable.options
    match variable.fact:
        case Fact.NUMBER:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return value if is_number and abs(value) <= MAX_NUMBER else None  # type: ignore[arg-type]
        case Fact.DATE:
            return value if is_date(value) else None
        case Fact.CHOICE:
            return value if isinstance(value, str) and (options is None or value in options) else None
        case Fact.MANY:
            if not isinstance(value, list | tuple):
                return None
            return [one for one in value if isinstance(one, str) and (options is None or one in options)] or None
        case Fact.ANSWERED:
            return bool(value)


def asked(questions: Iterable[Question], answers: Answers) -> tuple[set[str], Facts]:
    """Return the ids of the questions that are asked given `answers`, and the facts of their answers.

    A question hidden by its condition counts as unanswered for every later condition.
    """
    shown: set[str] = set()
    facts: Facts = {}
    for question in questions:
        if question.condition is None or question.condition.holds(facts):
            shown.add(question.id)
            facts.update(facts_of_question(question, answers.get(question.id)))
    return shown, facts


def facts_of(form: Form, answers: Answers) -> Facts:
    """Return all that conditions over `form` may know of `answers`, eligibility answers included."""
    return asked(form.questions.values(), answers)[1]
