"""Priority rules as a file: YAML or JSON in, YAML or JSON out."""

import json
from typing import Any

import yaml

from shared.errors import Invalid

LONGEST = 200_000


def read_rules_text(written: str) -> dict[str, Any]:
    """The definition in a YAML or JSON text; raises Invalid for `file`.

    Aliases are refused: with them a short text can stand for one that fills all memory.
    """
    if len(written) > LONGEST:
        raise Invalid({"file": [f"This file is too long: it may have at most {LONGEST} characters."]})
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(written, yaml.SafeLoader)):
            raise Invalid({"file": ["Write out what & and * stand for: this file may not use them."]})
        found = yaml.safe_load(written)
        json.dumps(found := _plain(found), allow_nan=False)
    except yaml.MarkedYAMLError as error:
        place = f" Look at line {error.problem_mark.line + 1}." if error.problem_mark else ""
        raise Invalid({"file": [f"This is not readable YAML or JSON.{place}"]}) from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        raise Invalid({"file": ["This is not readable YAML or JSON."]}) from None
    if not isinstance(found, dict):
        raise Invalid({"file": ["These are not rules: they begin with names such as “rules:”."]})
    return found


def _plain(value: Any) -> Any:
    """`value` with text for keys, since JSON has no others: plain YAML reads a key yes as true."""
    if isinstance(value, dict):
        return {_key(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _key(key: Any) -> str:
    return ("yes" if key else "no") if isinstance(key, bool) else str(key)


_ORDER = ("format", "title", "rules", "caps", "cap", "tie")
_RULE_ORDER = ("id", "kind", "label", "question", "when", "any_of", "none_of", "bands", "points", "rules", "at_most")


def in_order(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with its names in the order that people write them in: a database need not keep it."""
    found = _sorted(definition, _ORDER)
    for name in ("rules", "caps"):
        if isinstance(found.get(name), list):
            found[name] = [_sorted(one, _RULE_ORDER) if isinstance(one, dict) else one for one in found[name]]
    return found


def _sorted(values: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    places = {name: place for place, name in enumerate(order)}
    return dict(sorted(values.items(), key=lambda item: places.get(item[0], len(order))))


def rules_yaml(definition: dict[str, Any]) -> str:
    """The definition as YAML that people can read."""
    return yaml.safe_dump(in_order(definition), allow_unicode=True, sort_keys=False, width=110)


def rules_json(definition: dict[str, Any]) -> str:
    """The definition as JSON that people can read."""
    return json.dumps(in_order(definition), ensure_ascii=False, indent=2) + "\n"
