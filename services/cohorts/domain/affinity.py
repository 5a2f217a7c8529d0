"""How well a reviewer suits an application: a language they read, and fields that they know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LANGUAGE, FIRST_FIELD, FURTHER_FIELD, MOST_FIELDS = 2.0, 1.0, 0.5, 3
"""Points for reading its language, for the first field in common, for each further one, and how many fields count."""
_SAY_NOTHING = {"yes", "no", "true", "false", "other", "none"}


@dataclass(frozen=True, slots=True)
class Suited:
    """What an application and a reviewer are compared by: languages and fields, all in lower case."""

    languages: frozenset[str]
    fields: frozenset[str]


def reviewer(language: str, languages: Iterable[str], expertise: Iterable[str]) -> Suited:
    """What a reviewer brings."""
    return Suited(frozenset({language, *languages}), frozenset(filter(None, map(as_field, expertise))))


def application(
    language: str, attributes: Mapping[str, Any], labels: Mapping[tuple[str, str], str] | None = None
) -> Suited:
    """What an application is about: its language, and the values of its attributes with their `labels`."""
    labels = labels or {}
    fields: set[str] = set()
    for name, given in attributes.items():
        for value in given if isinstance(given, list) else [given]:
            fields |= {as_field(str(value or "")), as_field(labels.get((name, str(value)), ""))}
    return Suited(frozenset({language}), frozenset(fields - _SAY_NOTHING - {""}))


def as_field(text: str) -> str:
    """The compared form of a field's name."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())


def affinity(one: Suited, other: Suited) -> float:
    """The points of a pair; 0 where they have nothing in common."""
    shared = min(len(one.fields & other.fields), MOST_FIELDS)
    fields = FIRST_FIELD + FURTHER_FIELD * (shared - 1) if shared else 0.0
    return fields + (LANGUAGE if one.languages & other.languages else 0.0)


def affinity_table(applications: Sequence[Suited], reviewers: Sequence[Suited]) -> NDArray[np.float64]:
    """Points of every pair, applications x reviewers."""
    kinds = {one: place for place, one in enumerate(dict.fromkeys(applications))}
    # Many applications are alike in this, so each kind of them is compared once.
    rows = np.array([[affinity(one, other) for other in reviewers] for one in kinds]).reshape(
        len(kinds), len(reviewers)
    )
    table: NDArray[np.float64] = rows[[kinds[one] for one in applications]]
    return table
