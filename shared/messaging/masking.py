"""Showing an event's data to an operator: what is not plainly harmless is masked."""

import re
from typing import Any

_HARMLESS = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"  # identifiers
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?"  # dates and moments
    r"|urn:hearth:contract:[a-z_.]+:\d+|/(?:applications|cohorts|notifications)"
)
# Our own words in the envelope; nobody typed them. Everything under `data` is masked by its value alone.
_OWN = {"specversion", "type", "subject", "datacontenttype", "sequence"}
_NAMES = re.compile(r"[a-z][a-z0-9_]{0,40}")


def masked(value: Any, *, top: bool = True) -> Any:
    """The same structure with every text replaced by its length, unless it is an identifier, a date or our own word.

    Keys that are not plain field names are masked as well: forms may have been used as dictionaries.
    """
    if isinstance(value, dict):
        return {_key(key): masked_member(key, inner, top) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, top=False) for inner in value]
    if isinstance(value, str) and not _HARMLESS.fullmatch(value):
        return f"[{len(value)} characters]"
    return value


def masked_member(key: str, value: Any, top: bool) -> Any:
    """A member's value; the envelope's own words stay as they are."""
    if top and key in _OWN and isinstance(value, str) and len(value) <= 120 and "@" not in value:
        return value
    return masked(value, top=False)


def _key(key: str) -> str:
    return key if _NAMES.fullmatch(key) else "[name]"
