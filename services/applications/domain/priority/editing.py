"""Rules being written: a definition changed part by part, which may be wrong in between."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.applications.domain.priority.model import RuleKind
from services.applications.domain.text import Text

Definition = dict[str, Any]
MOST_RULES = 50


@dataclass(frozen=True)
class Dial:
    """One number of points that can be turned: its key, the rule or cap it belongs to, and what it is for."""

    key: str
    of: str
    label: str
    what: str
    points: int


def shape_problems(definition: object) -> list[str]:
    """Return why an editor cannot show `definition` at all; empty when it can, right or wrong."""
    if not isinstance(definition, Mapping):
        return ["These are not rules: they begin with names such as “rules:”."]
    found = []
    for name in ("rules", "caps"):
        value = definition.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            found.append(f"“{name}” must be a list, each with named values.")
    for name in ("tie", "cap"):
        if not isinstance(definition.get(name) or {}, Mapping):
            found.append(f"“{name}” must be a set of named values.")
    return found


def rules_of(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rules as they are written."""
    return list(definition.get("rules") or [])


def with_rule(definition: Definition, place: int | None, rule: Mapping[str, Any]) -> Definition:
    """Return the definition with `rule` in a place, or at the end."""
    changed = copy.deepcopy(definition)
    rules = rules_of(changed)
    if place is None:
        rules.append(dict(rule))
    else:
        rules[place] = dict(rule)
    changed["rules"] = rules
    return changed


def without_rule(definition: Definition, place: int) -> Definition:
    """Return the definition without a rule, and without its name in the caps and the tie rule."""
    changed = copy.deepcopy(definition)
    rules = rules_of(changed)
    name = rules.pop(place).get("id")
    changed["rules"] = rules
    for holder, key in [*((cap, "rules") for cap in changed.get("caps") or []), (changed.get("tie") or {}, "by")]:
        if isinstance(holder.get(key), list):
            holder[key] = [one for one in holder[key] if one != name]
    return changed


def moved_rule(definition: Definition, place: int, by: int) -> Definition:
    """Return the definition with a rule moved up (-1) or down (1); as it was at either end."""
    changed = copy.deepcopy(definition)
    rules, to = rules_of(changed), place + by
    if 0 <= to < len(rules):
        rules[place], rules[to] = rules[to], rules[place]
    changed["rules"] = rules
    return changed


def blank_rule(definition: Mapping[str, Any], kind: RuleKind) -> dict[str, Any]:
    """Return a new rule of a kind, with a name that is free."""
    taken = {rule.get("id") for rule in rules_of(definition)}
    number = next(number for number in range(1, len(taken) + 2) if f"rule_{number}" not in taken)
    return {"id": f"rule_{number}", "kind": kind.value}


def words(value: Any, language: str = "en") -> str:
    """Return a label as it is written, in one language; empty when there is none."""
    if isinstance(value, str):
        return value
    known = (
        {str(tag): text for tag, text in value.items() if isinstance(text, str)} if isinstance(value, Mapping) else {}
    )
    return Text(known).say(language)


def dials(definition: Mapping[str, Any]) -> list[Dial]:
    """Return every number of points in the rules and caps, in order. What is not a whole number is passed over."""
    found = []
    for rule in rules_of(definition):
        name, label = str(rule.get("id", "")), words(rule.get("label"))
        for key, what, points in _numbers(rule):
            if _whole(points):
                found.append(Dial(f"{name}{key}", name, label, what, points))
    for cap in _caps(definition):
        if _whole(cap.get("at_most")):
            found.append(
                Dial(f"{cap.get('id')}-at-most", str(cap.get("id")), words(cap.get("label")), "At most", cap["at_most"])
            )
    return found


def _caps(definition: Mapping[str, Any]) -> list[Any]:
    whole = definition.get("cap")
    return [*(definition.get("caps") or []), *([whole] if whole else [])]


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(rule: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    points = rule.get("points")
    if isinstance(points, Mapping):
        return [(f"-{choice}", str(choice), worth) for choice, worth in points.items()]
    bands = rule.get("bands")
    if isinstance(bands, Sequence) and not isinstance(bands, str):
        return [
            (f"-band-{place}", _band(band), band.get("points"))
            for place, band in enumerate(bands)
            if isinstance(band, Mapping)
        ]
    return [("", "", points)]


def _band(band: Mapping[str, Any]) -> str:
    below = band.get("below")
    return f"Under {below:,.0f}" if isinstance(below, int | float) else "Every higher number"


def turned(definition: Definition, values: Mapping[str, int]) -> Definition:
    """Return the definition with other points where `values` (by a dial's key) says so."""
    changed = copy.deepcopy(definition)
    for rule in rules_of(changed):
        name = str(rule.get("id", ""))
        if isinstance(rule.get("points"), dict):
            rule["points"] = {key: values.get(f"{name}-{key}", worth) for key, worth in rule["points"].items()}
        elif isinstance(rule.get("bands"), list):
            for place, band in enumerate(rule["bands"]):
                if isinstance(band, dict):
                    band["points"] = values.get(f"{name}-band-{place}", band.get("points"))
        else:
            rule["points"] = values.get(name, rule.get("points"))
    for cap in _caps(changed):
        cap["at_most"] = values.get(f"{cap.get('id')}-at-most", cap.get("at_most"))
    return changed
