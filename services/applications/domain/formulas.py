"""Calculations over numbers that were answered: `income / (paid_staff + volunteers)`.

The language is that of conditions, for numbers: + - * /, brackets, `min(…)`, `max(…)`, names of number questions. It is
checked against a whitelist before simpleeval works anything out. Where a number is missing, or the divisor is
zero, the result is missing too.
"""

import ast
import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import simpleeval

from services.applications.domain.conditions import (
    MAX_NUMBER,
    Fact,
    Refused,
    Variable,
    parse_expression,
    refuse_depth,
    where,
)

FUNCTIONS = {"min": min, "max": max}
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
_NOT_ONE = "This is not a calculation. Write it like: income / (paid_staff + volunteers)"


@dataclass(frozen=True)
class Formula:
    """A checked calculation. Two are equal when their source is."""

    source: str
    tree: ast.expr = field(compare=False, repr=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The questions whose numbers it needs."""
        found = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        return frozenset(found - FUNCTIONS.keys())

    def work_out(self, facts: Mapping[str, object], decimals: int = 0) -> int | float | None:
        """Return the result rounded to `decimals`, or None where a number is missing or there is no such number."""
        known = {name: facts.get(name) for name in self.names}
        if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in known.values()):
            return None
        try:
            found = _Evaluator(known).eval(self.source, previously_parsed=self.tree)
        except (ArithmeticError, simpleeval.InvalidExpression):
            return None
        if not abs(found) <= MAX_NUMBER:
            return None
        return round(float(found), decimals) + 0.0 if decimals else round(found)


def parse_formula(source: str, scope: Mapping[str, Variable]) -> Formula:
    """Return the calculation written in `source`, which may use the number questions in `scope`. Raises Refused."""
    tree = parse_expression(source, _NOT_ONE)
    refuse_depth(tree, "calculation")
    problems = list(dict.fromkeys(f"{problem} {where(source, node)}" for node, problem in _problems(tree, scope)))
    if problems:
        raise Refused(problems)
    return Formula(source, tree)


def _problems(node: ast.expr, scope: Mapping[str, Variable]) -> Iterator[tuple[ast.expr, str]]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            yield from _problems(left, scope)
            yield from _problems(right, scope)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from _problems(operand, scope)
        case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as args, keywords=[]) if name in FUNCTIONS:
            for each in args:
                yield from _problems(each, scope)
        case ast.Name(id=name):
            if name not in scope:
                yield node, f"There is no earlier question called “{name}” that a calculation can use."
            elif scope[name].fact is not Fact.NUMBER:
                yield node, f"“{name}” is not a number: only numbers can be calculated with."
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            if not abs(value) <= MAX_NUMBER:
                yield node, "A number in a calculation may be at most 1,000,000,000,000."
        case _:
            yield node, "A calculation may only use + - * / ( ), numbers, names of number questions, min() and max()."


class _Evaluator(simpleeval.SimpleEval):  # type: ignore[misc]  # simpleeval ships no types
    """simpleeval cut down to the nodes that a checked calculation can hold."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(operators=_OPERATORS, functions=dict(FUNCTIONS), names=names)
