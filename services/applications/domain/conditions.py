"""Conditions over answers: `lived_experience == "yes" and organisation_income < 100000`.

The language is a small part of Python's: and, or, not, comparisons, `in`, names and literals. It is checked against
a whitelist of syntax and against what is known of each name before anything is evaluated (by simpleeval, with no
functions). An unanswered question equals nothing: `==`, `<`, `in` are then false, and `!=`, `not in` true.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from functools import cached_property

import simpleeval

MAX_LENGTH = 500
MAX_NODES = 120
MAX_DEPTH = 12
MAX_NUMBER = 1e12


class Fact(Enum):
    """What a name in a condition stands for."""

    CHOICE = auto()
    MANY = auto()
    NUMBER = auto()
    DATE = auto()
    ANSWERED = auto()


@dataclass(frozen=True)
class Variable:
    """A name that a condition may use. `options` are the possible values, None where any is possible."""

    fact: Fact
    options: frozenset[str] | None = None


@dataclass(frozen=True)
class Condition:
    """A checked condition. Two conditions are equal when their source is."""

    source: str
    tree: ast.expr = field(compare=False, repr=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it refers to."""
        return frozenset(node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name))

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Return whether it is true of `facts` (name -> str, list of str, number, bool; absent = unanswered)."""
        evaluator = _Evaluator({name: facts.get(name) for name in self.names})
        return bool(evaluator.eval(self.source, previously_parsed=self.tree))


class Refused(Exception):
    """The condition cannot be accepted; `problems` says why in plain sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def parse_condition(source: str, scope: Mapping[str, Variable]) -> Condition:
    """Return the condition written in `source`, which may use the names in `scope`. Raises Refused."""
    tree = _syntax(source)
    problems = list(dict.fromkeys(f"{problem} {where(source, node)}" for node, problem in _problems(tree, scope)))
    if problems:
        raise Refused(problems)
    return Condition(source, tree)


def parse_open_condition(source: str) -> Condition:
    """Return the condition with its syntax checked and its names not: for rules that come without a form."""
    return Condition(source, _syntax(source))


def _syntax(source: str) -> ast.expr:
    tree = parse_expression(source, 'This is not a condition. Write it like: age >= 18 and role == "leader".')
    _refuse_outsiders(tree)
    return tree


def parse_expression(source: str, otherwise: str) -> ast.expr:
    """Return the tree of one expression of Python, unchecked. Raises Refused, beginning with `otherwise`."""
    if len(source) > MAX_LENGTH:
        raise Refused([f"This may have at most {MAX_LENGTH} characters. It has {len(source)}."])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.strip(), mode="eval").body
    except SyntaxError as error:
        raise Refused([" ".join(part for part in (otherwise, _hint(source, error)) if part)]) from None
    except (ValueError, MemoryError, RecursionError):
        raise Refused([otherwise]) from None


def _hint(source: str, error: SyntaxError) -> str:
    """Where the reading stopped, and why if it is the usual slip."""
    single = re.search(r"(?<![=!<>])=(?!=)", source)
    if single:
        return f"To compare, write == and not =. Look at letter {single.start() + 1}."
    if error.lineno != 1 or not error.offset or not source.strip():
        return ""
    start = len(source) - len(source.lstrip())
    return f"Look at letter {min(start + error.offset, len(source))}."


def where(source: str, node: ast.expr) -> str:
    """Return "Look at letter 12.": where in `source` a part of it stands."""
    lines = source.strip().split("\n")
    before = sum(len(line) + 1 for line in lines[: node.lineno - 1])
    column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode(errors="replace"))
    return f"Look at letter {len(source) - len(source.lstrip()) + before + column + 1}."


_ALLOWED: tuple[type[ast.AST], ...] = (
    ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Name, ast.Load, ast.Constant,
    ast.List, ast.Tuple, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip


def refuse_depth(tree: ast.expr, kind: str = "condition") -> None:
    """Raise Refused for a tree that is too large to be read by people."""
    if _depth(tree, MAX_DEPTH) > MAX_DEPTH or sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise Refused([f"This {kind} is too long or too deeply nested. Split it into simpler ones."])


def _refuse_outsiders(tree: ast.expr) -> None:
    refuse_depth(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            raise Refused(["A condition cannot call functions."])
        if isinstance(node, ast.Attribute | ast.Subscript):
            raise Refused(["A condition cannot look inside a value with a dot or square brackets."])
        if not isinstance(node, _ALLOWED):
            raise Refused(["A condition may only use and, or, not, in, ==, !=, <, <=, >, >=, names and plain values."])
        if isinstance(node, ast.Constant):
            _refuse_constant(node.value)


def _refuse_constant(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(['Compare with text in quotes or with a number; for yes or no write == "yes".'])
    if not isinstance(value, str) and not abs(value) <= MAX_NUMBER:
        raise Refused(["A number in a condition may be at most 1,000,000,000,000."])


def _depth(node: ast.AST, limit: int) -> int:
    if limit < 0:
        return 1
    return 1 + max((_depth(child, limit - 1) for child in ast.iter_child_nodes(node)), default=0)


def _problems(node: ast.expr, scope: Mapping[str, Variable]) -> Iterator[tuple[ast.expr, str]]:
    """Yield what is wrong with the meaning of a tree whose syntax is allowed, each with the part it is about."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _problems(value, scope)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _problems(operand, scope)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            for one, operator, other in zip([left, *comparators], ops, comparators, strict=False):
                yield from ((one, problem) for problem in _comparison_problems(one, operator, other, scope))
        case ast.Name(id=name):
            yield from ((node, problem) for problem in _name_problems(name, scope) or _bare_problems(name, scope))
        case _:
            yield node, 'Each part of a condition must be a comparison, such as role == "leader".'


def _name_problems(name: str, scope: Mapping[str, Variable]) -> list[str]:
    if name in scope:
        return []
    return [f"There is no earlier question called “{name}” that a condition can use."]


def _bare_problems(name: str, scope: Mapping[str, Variable]) -> list[str]:
    if scope[name].fact is Fact.ANSWERED:
        return []
    return [f'Say what “{name}” should be compared with, such as {name} == "yes".']


def _comparison_problems(
    left: ast.expr, operator: ast.cmpop, right: ast.expr, scope: Mapping[str, Variable]
) -> Iterator[str]:
    named = [side.id for side in (left, right) if isinstance(side, ast.Name)]
    unknown = [problem for name in named for problem in _name_problems(name, scope)]
    if unknown or not named:
        yield from unknown or ["A comparison needs the name of a question on one side."]
    elif isinstance(operator, ast.In | ast.NotIn):
        yield from _membership_problems(left, right, scope)
    elif len(named) == 2:
        yield from _pair_problems(named[0], named[1], scope)
    else:
        value = right if isinstance(left, ast.Name) else left
        yield from _value_problems(named[0], operator, value, scope)


def _membership_problems(left: ast.expr, right: ast.expr, scope: Mapping[str, Variable]) -> Iterator[str]:
    if isinstance(left, ast.Name) and isinstance(right, ast.List | ast.Tuple):
        if scope[left.id].fact is not Fact.CHOICE:
            yield f"“{left.id}” cannot be looked up in a list: only a question with one answer can."
        for element in right.elts:
            yield from _option_problems(left.id, element, scope)
    elif isinstance(right, ast.Name) and scope[right.id].fact is Fact.MANY:
        yield from _option_problems(right.id, left, scope)
    else:
        yield 'Write `question in ["a", "b"]`, or `"a" in question` for a question with many choices.'


def _pair_problems(one: str, other: str, scope: Mapping[str, Variable]) -> Iterator[str]:
    if not scope[one].fact is scope[other].fact is Fact.NUMBER:
        yield f"“{one}” and “{other}” cannot be compared: only two numbers can."


def _value_problems(name: str, operator: ast.cmpop, value: ast.expr, scope: Mapping[str, Variable]) -> Iterator[str]:
    fact = scope[name].fact
    literal = literal_of(value)
    ordered = not isinstance(operator, ast.Eq | ast.NotEq)
    if fact is Fact.NUMBER:
        if not isinstance(literal, int | float):
            yield f"“{name}” is a number: compare it with a number, without quotes."
    elif fact is Fact.DATE:
        if not is_date(literal):
            yield f'“{name}” is a date: compare it with one in quotes, such as "2027-03-31".'
    elif fact is Fact.MANY:
        yield f'“{name}” has many answers: write "value" in {name}.'
    elif fact is Fact.ANSWERED:
        yield f"“{name}” can only be asked whether it was answered: write {name} or not {name}."
    elif ordered:
        yield f"“{name}” is a choice: use ==, != or in."
    else:
        yield from _option_problems(name, value, scope)


def _option_problems(name: str, value: ast.expr, scope: Mapping[str, Variable]) -> Iterator[str]:
    literal, options = literal_of(value), scope[name].options
    if not isinstance(literal, str):
        yield f"“{name}” is a choice: compare it with one of its values, in quotes."
    elif options is not None and literal not in options:
        yield f"“{literal}” is not one of the choices of “{name}”: {', '.join(sorted(options))}."


def literal_of(node: ast.expr) -> str | int | float | None:
    """Return the literal a node holds (a number may carry a minus sign), or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal_of(node.operand)
        return -inner if isinstance(inner, int | float) else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
        return node.value
    return None


def is_date(value: object) -> bool:
    """Return whether `value` is a date written YYYY-MM-DD."""
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _less(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return isinstance(left, int | float) and isinstance(right, int | float) and left < right


def _equal(left: object, right: object) -> bool:
    return left is not None and right is not None and left == right


def _within(left: object, right: object) -> bool:
    return isinstance(right, list | tuple) and left in right


_OPERATORS = {
    ast.Not: lambda value: not value,
    ast.USub: lambda value: -value,
    ast.Eq: _equal,
    ast.NotEq: lambda left, right: not _equal(left, right),
    ast.Lt: _less,
    ast.Gt: lambda left, right: _less(right, left),
    ast.LtE: lambda left, right: _less(left, right) or _equal(left, right),
    ast.GtE: lambda left, right: _less(right, left) or _equal(left, right),
    ast.In: _within,
    ast.NotIn: lambda left, right: not _within(left, right),
}
_NODES = (ast.Name, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Constant, ast.List, ast.Tuple)


class _Evaluator(simpleeval.EvalWithCompoundTypes):  # type: ignore[misc]  # simpleeval ships no types
    """simpleeval cut down to the nodes that a checked condition can hold: no calls, attributes or comprehensions."""

    def __init__(self, names: Mapping[str, object]) -> None:
        super().__init__(operators=_OPERATORS, functions={}, names=names)
        self.functions: dict[str, object] = {}
        allowed = {kind: handler for kind, handler in self.nodes.items() if kind in _NODES}  # type: ignore[has-type]
        self.nodes = allowed
