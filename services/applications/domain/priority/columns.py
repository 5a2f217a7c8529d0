"""Answers of many applications turned into numpy columns, one for each name that the rules look at."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.applications.domain.conditions import Fact, literal_of
from services.applications.domain.priority.model import Rules

Array = NDArray[Any]
UNANSWERED = 0


@dataclass(frozen=True)
class Column:
    """The answers of n applications to one question.

    `data` by fact: NUMBER and DATE float64 (n,), NaN where unanswered, dates as day numbers; CHOICE int16 (n,): 0
    unanswered, k for `values[k - 1]`, len(values) + 1 for any other answer; MANY bool (n, len(values)); ANSWERED
    bool (n,). `values` are the texts that the rules speak of. `answered` is bool (n,).
    """

    fact: Fact
    data: Array
    values: tuple[str, ...]
    answered: NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """Columns by name, each for the same `size` applications."""

    size: int
    by_name: Mapping[str, Column]


def columns_of(rules: Rules, facts: Sequence[Mapping[str, object]]) -> Columns:
    """Return the columns of `facts`, one mapping of name to well-formed value for each application."""
    spoken_of = values_spoken_of(rules)
    columns = {
        name: column_of(variable.fact, [one.get(name) for one in facts], tuple(sorted(spoken_of.get(name, ()))))
        for name, variable in rules.scope.items()
    }
    return Columns(len(facts), columns)


def values_spoken_of(rules: Rules) -> dict[str, set[str]]:
    """Return, by name, the texts that the rules give a meaning to."""
    found: dict[str, set[str]] = {}
    for rule in rules.rules:
        if rule.question:
            values = {choice for choice, _ in rule.by_choice}
            found.setdefault(rule.question, set()).update(values, rule.any_of, rule.none_of)
        if rule.when is not None:
            for name, value in _literals(rule.when.tree):
                found.setdefault(name, set()).add(value)
    return found


def _literals(tree: ast.expr) -> Iterable[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            names = [side.id for side in sides if isinstance(side, ast.Name)]
            texts = [text for side in sides for text in _texts(side)]
            yield from ((name, text) for name in names for text in texts)


def _texts(node: ast.expr) -> list[str]:
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    return [text for text in map(literal_of, elements) if isinstance(text, str)]


def column_of(fact: Fact, answers: list[Any], values: tuple[str, ...]) -> Column:
    """Return one name's column: `answers` are its facts, None where unanswered, `values` what the rules speak of."""
    answered = np.fromiter((answer is not None for answer in answers), dtype=np.bool_, count=len(answers))
    if fact is Fact.NUMBER:
        data: Array = np.array([np.nan if answer is None else answer for answer in answers], dtype=np.float64)
    elif fact is Fact.DATE:
        data = np.array([np.nan if answer is None else day_number(answer) for answer in answers], dtype=np.float64)
    elif fact is Fact.CHOICE:
        codes: dict[str | None, int] = {None: UNANSWERED}
        codes.update({value: code for code, value in enumerate(values, start=1)})
        other = len(values) + 1
        data = np.fromiter((codes.get(answer, other) for answer in answers), dtype=np.int16, count=len(answers))
    elif fact is Fact.MANY:
        data = _ticks(answers, values)
    else:
        data = answered = np.fromiter((bool(answer) for answer in answers), dtype=np.bool_, count=len(answers))
    return Column(fact, data, values, answered)


def _ticks(answers: list[Any], values: tuple[str, ...]) -> Array:
    places = {value: place for place, value in enumerate(values)}
    ticks = np.zeros((len(answers), len(values)), dtype=np.bool_)
    for row, answer in enumerate(answers):
        for value in [answer] if isinstance(answer, str) else answer or ():
            if value in places:
                ticks[row, places[value]] = True
    return ticks


def day_number(written: str) -> int:
    """Return the day number of a date written YYYY-MM-DD."""
    return date.fromisoformat(written).toordinal()
