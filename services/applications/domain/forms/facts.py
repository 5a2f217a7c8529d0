"""What conditions may know of a set of answers: well-formed values only, of questions that are asked."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from services.applications.domain.conditions import Fact, Variable, is_date
from services.applications.domain.forms.kinds import REGION_SUFFIX, Kind
from services.applications.domain.forms.model import Form, Question
from services.applications.domain.forms.values import MAX_NUMBER
from services.applications.domain.regions import region_of

Answers = Mapping[str, object]
Facts = dict[str, object]


def facts_of_question(question: Question, value: object) -> Facts:
    """Return what one answer lets conditions know: nothing when it is missing or malformed (a draft may be)."""
    return question_reader(question)(value)


def question_reader(question: Question) -> Callable[[object], Facts]:
    """Return `facts_of_question` for this question, prepared for many answers."""
    name, region_name = question.id, question.id + REGION_SUFFIX
    variable = question.variables[name]

    def read(value: object) -> Facts:
        found = fact_of(variable, value)
        return {} if found is None else {name: found}

    def read_postcode(value: object) -> Facts:
        if not value:
            return {}
        region = _region_of(value) if isinstance(value, str) else None
        return {name: True, region_name: region} if region else {name: True}

    return read_postcode if question.kind is Kind.POSTCODE else read


_region_of = lru_cache(maxsize=4096)(region_of)


def fact_of(variable: Variable, value: object) -> object | None:
    """Return `value` if it fits `variable`, else None."""
    return _FITTING[variable.fact](value, variable.options)


Options = frozenset[str] | None


def _number(value: object, _: Options) -> object | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER
    return value if is_number else None


def _date(value: object, _: Options) -> object | None:
    return value if is_date(value) else None


def _choice(value: object, options: Options) -> object | None:
    return value if isinstance(value, str) and value and (options is None or value in options) else None


def _many(value: object, options: Options) -> object | None:
    if not isinstance(value, list | tuple):
        return None
    return [one for one in value if isinstance(one, str) and (options is None or one in options)] or None


def _answered(value: object, _: Options) -> object | None:
    return True if value else None


_FITTING: dict[Fact, Callable[[object, Options], object | None]] = {
    Fact.NUMBER: _number,
    Fact.DATE: _date,
    Fact.CHOICE: _choice,
    Fact.MANY: _many,
    Fact.ANSWERED: _answered,
}


def asked(questions: Iterable[Question], answers: Answers) -> tuple[set[str], Facts]:
    """Return the ids of the questions that are asked given `answers`, and the facts of their answers.

    A question hidden by its condition counts as unanswered for every later condition.
    """
    shown: set[str] = set()
    facts: Facts = {}
    for question in questions:
        if question.condition is None or question.condition.holds(facts):
            shown.add(question.id)
            value = answers.get(question.id)
            if question.formula is not None:
                value = question.formula.work_out(facts, question.decimals)
            facts.update(facts_of_question(question, value))
    return shown, facts


def worked_out(form: Form, answers: Answers) -> dict[str, object]:
    """Return the results of the form's calculations by question id; those that lack a number are left out."""
    shown, facts = asked(form.questions.values(), answers)
    return {
        question.id: facts[question.id]
        for question in form.questions.values()
        if question.formula is not None and question.id in shown and question.id in facts
    }


def facts_of(form: Form, answers: Answers) -> Facts:
    """Return all that conditions over `form` may know of `answers`, eligibility answers included."""
    return asked(form.questions.values(), answers)[1]
