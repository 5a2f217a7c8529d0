"""A condition over answers in words: the questions and choices as applicants read them."""

import ast
from collections.abc import Callable

from services.applications.domain.conditions import Condition, literal_of
from services.applications.domain.forms import Form
from services.applications.domain.regions import REGIONS
from shared.web.i18n import gettext as _


def condition_words(condition: Condition, form: Form, language: str) -> str:
    """The condition, such as `“Do you lead?”: Yes, and “Income”: under 100,000`."""
    return _words(condition.tree, form, language)


def _words(node: ast.expr, form: Form, language: str) -> str:
    match node:
        case ast.BoolOp(op=op, values=values):
            join = _(", and ") if isinstance(op, ast.And) else _(", or ")
            return join.join(_inner(value, form, language) for value in values)
        case ast.UnaryOp(operand=operand):
            return _("not (%(what)s)", what=_words(operand, form, language))
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            pairs = zip([left, *comparators], ops, comparators, strict=False)
            return _(", and ").join(_comparison(one, how, other, form, language) for one, how, other in pairs)
        case ast.Name(id=name):
            return _("“%(question)s” is answered", question=_question(name, form, language))
        case _:
            return ast.unparse(node)


def _inner(node: ast.expr, form: Form, language: str) -> str:
    words = _words(node, form, language)
    return f"({words})" if isinstance(node, ast.BoolOp) else words


def _comparison(left: ast.expr, how: ast.cmpop, right: ast.expr, form: Form, language: str) -> str:
    if isinstance(how, ast.In | ast.NotIn):
        name, values = (right, [left]) if isinstance(right, ast.Name) else (left, getattr(right, "elts", []))
        listed = _(" or ").join(_value(value, name, form, language) for value in values)
        words = _("“%(question)s”: %(value)s") if isinstance(how, ast.In) else _("“%(question)s”: not %(value)s")
        return words % {"question": _side(name, name, form, language), "value": listed}
    if not isinstance(left, ast.Name):
        left, how, right = right, _TURNED.get(type(how), type(how))(), left
    words = _PHRASES.get(type(how), lambda: "“%(question)s”: %(value)s")()
    return words % {
        "question": _side(left, left, form, language),
        "value": _side(right, left, form, language),
    }


_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_PHRASES: dict[type[ast.cmpop], Callable[[], str]] = {
    ast.Eq: lambda: _("“%(question)s”: %(value)s"),
    ast.NotEq: lambda: _("“%(question)s”: not %(value)s"),
    ast.Lt: lambda: _("“%(question)s”: under %(value)s"),
    ast.LtE: lambda: _("“%(question)s”: at most %(value)s"),
    ast.Gt: lambda: _("“%(question)s”: over %(value)s"),
    ast.GtE: lambda: _("“%(question)s”: at least %(value)s"),
}


def _side(node: ast.expr, beside: ast.expr, form: Form, language: str) -> str:
    return _question(node.id, form, language) if isinstance(node, ast.Name) else _value(node, beside, form, language)


def _question(name: str, form: Form, language: str) -> str:
    if name in form.questions:
        return form.questions[name].label.say(language)
    question = form.questions.get(name.removesuffix("_region"))
    return question.label.say(language) if question else name


def _value(node: ast.expr, beside: ast.expr, form: Form, language: str) -> str:
    literal = literal_of(node)
    if not isinstance(literal, str):
        return f"{literal:,}" if literal is not None else ast.unparse(node)
    question = form.questions.get(beside.id) if isinstance(beside, ast.Name) else None
    return question.option_label(literal, language) if question else REGIONS.get(literal, literal)
