"""The sample round's data files, read afresh on each call so that callers may change what they get."""

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from services.applications.domain.forms import Form, parse_form
from services.applications.domain.priority import Rules, parse_rules

_HERE = Path(__file__).parent


def form_definition() -> dict[str, Any]:
    """Return the sample form as plain dicts and lists, for `parse_form`."""
    return _read("form.yaml")


def rules_definition() -> dict[str, Any]:
    """Return the sample priority rules as plain dicts and lists, for `Rules.parse`."""
    return _read("rules.yaml")


def round_definition() -> dict[str, Any]:
    """Return the sample round: texts by language, dates in its zone, places and the review rubric."""
    return _read("round.yaml")


@cache
def sample_form() -> Form:
    """Return the sample form, parsed."""
    return parse_form(form_definition())


def _read(name: str) -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load((_HERE / name).read_text(encoding="utf-8")))


@cache
def sample_rules() -> Rules:
    """Return the sample priority rules, parsed against the sample form."""
    return parse_rules(rules_definition(), sample_form())
