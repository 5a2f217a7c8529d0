"""What the names in rules stand for, when the rules come without their form: told from how they are used.

A name compared with a number is a number, with a date in quotes a date, with other text a choice; one on the right
of `in`, or with points by choice, may have many answers (one is then a list of one). What a name's possible values
are is not known, so none is refused.
"""

import ast
from collections.abc import Iterator, Mapping

from services.applications.domain.conditions import Fact, Refused, Variable, is_date, literal_of, parse_open_condition

_BY_KIND = {"bands": Fact.NUMBER, "choice": Fact.MANY, "list": Fact.MANY}
_STRENGTH = {Fact.ANSWERED: 0, Fact.MANY: 1, Fact.CHOICE: 2, Fact.DATE: 2, Fact.NUMBER: 2}


def infer_scope(definition: Mapping[str, object]) -> dict[str, Variable]:
    """Return name -> variable for every name that the rules in `definition` use. Malformed parts are passed over."""
    facts: dict[str, Fact] = {}
    for name, fact in _uses(definition):
        if name not in facts or _STRENGTH[fact] > _STRENGTH[facts[name]]:
            facts[name] = fact
    return {name: Variable(fact) for name, fact in facts.items()}


def _uses(definition: Mapping[str, object]) -> Iterator[tuple[str, Fact]]:
    rules = definition.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        if not isinstance(rule, Mapping):
            continue
        question, when = rule.get("question"), rule.get("when")
        if isinstance(question, str) and rule.get("kind") in _BY_KIND:
            yield question, _BY_KIND[str(rule["kind"])]
        if isinstance(when, str):
            yield from _condition_uses(when)


def _condition_uses(source: str) -> Iterator[tuple[str, Fact]]:
    try:
        tree = parse_open_condition(source).tree
    except Refused:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
                yield from _comparison_uses(left, operator, right)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, Fact.ANSWERED


def _comparison_uses(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Iterator[tuple[str, Fact]]:
    if isinstance(operator, ast.In | ast.NotIn):
        if isinstance(right, ast.Name):
            yield right.id, Fact.MANY
        elif isinstance(left, ast.Name):
            yield left.id, Fact.CHOICE
        return
    for name, other in ((left, right), (right, left)):
        if isinstance(name, ast.Name):
            yield name.id, _fact_beside(literal_of(other))


def _fact_beside(literal: object) -> Fact:
    if isinstance(literal, str):
        return Fact.DATE if is_date(literal) else Fact.CHOICE
    return Fact.NUMBER
