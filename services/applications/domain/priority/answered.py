"""Columns straight from stored answers, question by question: what `facts_reader` and `columns_of` give, many times
faster, because equal answers are looked at once."""

from collections.abc import Hashable, Mapping, Sequence
from typing import cast

from services.applications.domain.conditions import Fact
from services.applications.domain.forms.facts import Facts, question_reader
from services.applications.domain.forms.model import Form, Question
from services.applications.domain.priority.columns import Columns, column_of, values_spoken_of
from services.applications.domain.priority.model import Rules

Answered = Mapping[str, Sequence[object]]
"""Question id -> the answers of n applications, None where there is none."""


def counting(rules: Rules, form: Form) -> tuple[str, ...]:
    """Return the ids of the questions of `form` that the rules look at."""
    return tuple(one.id for one in form.questions.values() if rules.names & one.variables.keys())


def columns_of_answers(rules: Rules, form: Form, answered: Answered, size: int) -> Columns:
    """Return the columns of `size` applications to `form`, from the answers to its `counting` questions."""
    spoken_of = values_spoken_of(rules)
    found: dict[str, list[object]] = {name: [None] * size for name in rules.scope}
    for question_id in counting(rules, form):
        found.update(_facts(form.questions[question_id], answered[question_id], rules))
    columns = {
        name: column_of(variable.fact, found[name], tuple(sorted(spoken_of.get(name, ()))))
        for name, variable in rules.scope.items()
    }
    return Columns(size, columns)


def _facts(question: Question, answers: Sequence[object], rules: Rules) -> dict[str, list[object]]:
    read = question_reader(question)
    wanted = [name for name in question.variables if name in rules.scope]
    if question.variables[question.id].fact is Fact.NUMBER:
        # True, 1 and 1.0 are equal to Python and not to a form: each is read for itself.
        each: list[Facts] = [read(answer) for answer in answers]
    else:
        keys = [_key(answer) for answer in answers]
        known = {key: read(list(key) if isinstance(key, tuple) else key) for key in set(keys)}
        each = [known[key] for key in keys]
    return {name: [facts.get(name) for facts in each] for name in wanted}


def _key(answer: object) -> Hashable:
    if isinstance(answer, list):
        return tuple(one for one in answer if isinstance(one, str))
    return cast(Hashable, answer) if answer is None or isinstance(answer, str | int | float | bool) else True
