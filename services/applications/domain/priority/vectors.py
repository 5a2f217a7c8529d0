"""Conditions evaluated over whole columns at once; agrees with `Condition.holds` on every single application."""

import ast
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from services.applications.domain.conditions import Condition, Fact, literal_of
from services.applications.domain.priority.columns import Array, Column, Columns, day_number

Truth = NDArray[np.bool_]
FEW = 4
_OPERATORS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def truth_of(condition: Condition, columns: Columns) -> Truth:
    """Return for each application, bool (n,), whether the condition holds."""
    return _truth(condition.tree, columns)


def _truth(node: ast.expr, columns: Columns) -> Truth:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return reduce(operator.and_, (_truth(value, columns) for value in values))
        case ast.BoolOp(values=values):
            return reduce(operator.or_, (_truth(value, columns) for value in values))
        case ast.UnaryOp(operand=operand):
            return ~_truth(operand, columns)
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            pairs = zip([left, *comparators], ops, comparators, strict=False)
            return reduce(operator.and_, (_compare(one, how, other, columns) for one, how, other in pairs))
        case ast.Name(id=name):
            return columns.by_name[name].answered
        case _:  # a checked condition holds nothing else
            raise AssertionError(ast.dump(node))


def _compare(left: ast.expr, how: ast.cmpop, right: ast.expr, columns: Columns) -> Truth:
    if isinstance(how, ast.In | ast.NotIn):
        found = _membership(left, right, columns)
        return found if isinstance(how, ast.In) else ~found
    if isinstance(left, ast.Name) and columns.by_name[left.id].fact is Fact.CHOICE:
        return _choice(columns.by_name[left.id], how, right)
    if isinstance(right, ast.Name) and columns.by_name[right.id].fact is Fact.CHOICE:
        return _choice(columns.by_name[right.id], how, left)
    compared = _OPERATORS[type(how)](_operand(left, columns), _operand(right, columns))
    return cast(Truth, compared)


def _operand(node: ast.expr, columns: Columns) -> Array | float:
    if isinstance(node, ast.Name):
        return columns.by_name[node.id].data
    literal = literal_of(node)
    return day_number(literal) if isinstance(literal, str) else float(literal or 0)


def _choice(column: Column, how: ast.cmpop, value: ast.expr) -> Truth:
    found = _is_one_of(column, [value])
    return found if isinstance(how, ast.Eq) else ~found


def _membership(left: ast.expr, right: ast.expr, columns: Columns) -> Truth:
    if isinstance(right, ast.Name):
        column = columns.by_name[right.id]
        return cast(Truth, column.data[:, column.values.index(str(literal_of(left)))])
    return _is_one_of(columns.by_name[cast(ast.Name, left).id], cast(ast.List, right).elts)


def _is_one_of(column: Column, nodes: list[ast.expr]) -> Truth:
    return coded(column, [column.values.index(str(literal_of(node))) + 1 for node in nodes])


def coded(column: Column, codes: list[int]) -> Truth:
    """Return where the column's answer has one of `codes`: compared one by one while they are few, which is faster."""
    if len(codes) > FEW:
        wanted = np.zeros(len(column.values) + 2, dtype=np.bool_)
        wanted[codes] = True
        return cast(Truth, wanted[column.data])
    found: Truth = np.zeros(len(column.data), dtype=np.bool_)
    for code in codes:
        found |= column.data == code
    return found
