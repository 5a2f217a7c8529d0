"""What conditions and rules may say about the questions of a form."""

from collections.abc import Iterable

from services.applications.domain.conditions import Fact, Variable
from services.applications.domain.forms.kinds import REGION_SUFFIX, Kind
from services.applications.domain.forms.model import Question
from services.applications.domain.regions import REGIONS

_FACTS = {
    Kind.CHOICE: Fact.CHOICE,
    Kind.YES_NO: Fact.CHOICE,
    Kind.MANY_CHOICES: Fact.MANY,
    Kind.NUMBER: Fact.NUMBER,
    Kind.CALCULATION: Fact.NUMBER,
    Kind.DATE: Fact.DATE,
}
REGION = Variable(Fact.CHOICE, frozenset(REGIONS))


def variables(question: Question) -> dict[str, Variable]:
    """Return the names that a question gives to later conditions; a postcode gives its region as `<id>_region`."""
    if question.kind is Kind.POSTCODE:
        return {question.id: Variable(Fact.ANSWERED), question.id + REGION_SUFFIX: REGION}
    fact = _FACTS.get(question.kind, Fact.ANSWERED)
    options = frozenset(option.value for option in question.options) if fact in (Fact.CHOICE, Fact.MANY) else None
    return {question.id: Variable(fact, options)}


def scope_of(questions: Iterable[Question]) -> dict[str, Variable]:
    """Return the names of all `questions`."""
    scope: dict[str, Variable] = {}
    for question in questions:
        scope.update(variables(question))
    return scope
