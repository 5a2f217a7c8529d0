"""One priority rule as the fields of a form, and back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from services.applications.domain.conditions import Fact
from services.applications.domain.forms import Form
from services.applications.domain.forms.kinds import REGION_SUFFIX
from services.applications.domain.priority import RuleKind
from services.applications.domain.priority.parsing import form_scope
from services.applications.domain.regions import REGIONS

LANGUAGES = (("en", "English"), ("cy", "Welsh"), ("ar", "Arabic"), ("fa-AF", "Dari"))
KINDS = {
    "choice": "Points by the choice made",
    "bands": "Points by a number, in bands",
    "list": "Points when the answer is in a list, or is not",
    "condition": "Points when a condition over several answers holds",
}
SPARE_BANDS = 3
_FITTING = {"choice": {Fact.CHOICE, Fact.MANY}, "list": {Fact.CHOICE, Fact.MANY}, "bands": {Fact.NUMBER}}
Fields = MultiDict[str, str]


@dataclass(frozen=True)
class Name:
    """A name that rules may use: what it stands for, and its possible values with their labels."""

    name: str
    label: str
    fact: str
    options: list[tuple[str, str]]


def names(form: Form) -> list[Name]:
    """Every name that the form gives to rules, in the form's order."""
    found = []
    for name, variable in form_scope(form).items():
        question = form.questions.get(name)
        if question is None:
            label, options = _region_label(form, name), list(REGIONS.items())
        else:
            label = question.label.say("en")
            options = [(one.value, one.label.say("en")) for one in question.options]
        found.append(Name(name, label, variable.fact.name.lower(), [one for one in options if variable.options]))
    return found


def _region_label(form: Form, name: str) -> str:
    question = form.questions.get(name.removesuffix(REGION_SUFFIX))
    return f"Region of: {question.label.say('en')}" if question else name


def fitting(form: Form, kind: str) -> list[Name]:
    """The names that a kind of rule can look at."""
    return [one for one in names(form) if Fact[one.fact.upper()] in _FITTING.get(kind, set())]


def read_rule(kind: str, fields: Fields, options: Sequence[str]) -> dict[str, Any]:
    """The rule that a form was filled in with. `options` are the values that the form offered points for."""
    rule: dict[str, Any] = {"id": fields.get("id", "").strip(), "kind": kind, "label": read_texts(fields, "label")}
    if kind == RuleKind.CONDITION:
        return {**rule, "when": " ".join(fields.get("when", "").split()), "points": _number(fields.get("points", ""))}
    rule["question"] = fields.get("question", "")
    if kind == RuleKind.BANDS:
        return {**rule, "bands": _bands(fields)}
    if kind == RuleKind.CHOICE:
        given = {value: fields.get(f"points-{value}", "").strip() for value in options}
        return {**rule, "points": {value: _number(text) for value, text in given.items() if text}}
    which = "none_of" if fields.get("mode") == "none_of" else "any_of"
    return {**rule, which: fields.getlist("values"), "points": _number(fields.get("points", ""))}


def read_texts(fields: Fields, name: str) -> dict[str, str]:
    """A text in several languages; those left empty are left out."""
    found = {tag: fields.get(f"{name}-{tag}", "").strip() for tag, _ in LANGUAGES}
    return {tag: text for tag, text in found.items() if text}


def _number(text: str) -> Any:
    """A whole number; what was typed when it is none, so that it is shown again with what is wrong with it."""
    plain = text.strip().replace(",", "")
    try:
        return int(plain)
    except ValueError:
        return text.strip() or None


def _amount(text: str) -> Any:
    plain = text.strip().replace(",", "").removeprefix("£")
    try:
        amount = float(plain)
    except ValueError:
        return text.strip() or None
    if not math.isfinite(amount):
        return text.strip()
    return int(amount) if amount.is_integer() else amount


def _bands(fields: Fields) -> list[dict[str, Any]]:
    found = []
    for place in range(50):
        below, points = fields.get(f"below-{place}", "").strip(), fields.get(f"points-{place}", "").strip()
        if below or points:
            found.append({**({"below": _amount(below)} if below else {}), "points": _number(points)})
    return found


def add_part(fields: Fields) -> str:
    """The condition with the part that was put together from lists: joined to what is there with and, or."""
    name, how, value = (fields.get(f"part-{one}", "").strip() for one in ("name", "how", "value"))
    written = fields.get("when", "").strip()
    if not name:
        return written
    part = _part(name, how, value, fields.get(f"part-fact-{name}", ""))
    if not written:
        return part
    return f"{_bracketed(written, fields.get('part-join', 'and'))} {fields.get('part-join', 'and')} {part}"


def _bracketed(written: str, join: str) -> str:
    mixed = " or " in written if join == "and" else " and " in written
    return f"({written})" if mixed else written


def _part(name: str, how: str, value: str, fact: str) -> str:
    if fact == "answered":
        return name if how != "!=" else f"not {name}"
    number = value.replace(",", "").removeprefix("£")
    literal = number if fact == "number" else '"' + value.replace("\\", "").replace('"', "") + '"'
    if fact == "many":
        return f"{literal} {'not in' if how == '!=' else 'in'} {name}"
    return f"{name} {how or '=='} {literal}"


def errors_of(problems: Mapping[str, list[str]], place: int) -> dict[str, list[str]]:
    """The problems of one rule, by the field of its form."""
    start = f"rules.{place}."
    found: dict[str, list[str]] = {}
    for path, said in problems.items():
        if path.startswith(start):
            found.setdefault(_field(path.removeprefix(start)), []).extend(said)
    return found


def _field(path: str) -> str:
    parts = path.split(".")
    if parts[0] == "bands" and len(parts) == 3:
        return f"{parts[2]}-{parts[1]}"
    if parts[0] == "points" and len(parts) > 1:
        return "points-" + ".".join(parts[1:])
    return {"label": "label-en", "bands": "below-0", "any_of": "values", "none_of": "values"}.get(parts[0], parts[0])
