"""What the pictures of the shortlist are drawn from: bins and bars, counted in the database."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain.choosing import Attribute
from services.cohorts.storage.repositories.shortlist import Filters
from services.cohorts.storage.unit_of_work import CohortsUnit

_MEASURES = (
    ("blended", "Score, 0 to 100", 10.0),
    ("priority", "Priority score", 10.0),
    ("review", "Review mean, 1 to 5", 0.5),
    ("adjusted", "Adjusted review score", 0.5),
)


@dataclass(frozen=True)
class Picture:
    """A distribution: its title, its bins {low, high, count}, and how many have the figure."""

    title: str
    bins: list[dict[str, Any]]
    count: int

    @property
    def fullest(self) -> dict[str, Any]:
        """The bin that holds the most."""
        return max(self.bins, key=lambda one: int(one["count"]))


def pictures(uow: CohortsUnit, round_id: UUID, filters: Filters) -> list[Picture]:
    """The distribution of each figure that anybody has."""
    found = []
    for measure, title, width in _MEASURES:
        bins = uow.shortlist.spread(round_id, filters, measure, width)
        if bins:
            found.append(Picture(title, bins, sum(one["count"] for one in bins)))
    return found


@dataclass(frozen=True)
class Bars:
    """An attribute: for each value {label, count, mean}; who has several values counts for each."""

    label: str
    rows: list[dict[str, Any]]

    @property
    def counts(self) -> list[dict[str, Any]]:
        """The rows of a picture of how many there are."""
        return [{"label": row["label"], "value": row["count"]} for row in self.rows]

    @property
    def means(self) -> list[dict[str, Any]]:
        """The rows of a picture of the mean score."""
        return [{"label": row["label"], "value": round(row["mean"], 1)} for row in self.rows if row["mean"] is not None]


def attribute_bars(uow: CohortsUnit, round_id: UUID, filters: Filters, attribute: Attribute) -> Bars:
    """How many have each value of an attribute, and their mean score."""
    counts: Counter[str] = Counter()
    scored: Counter[str] = Counter()
    sums: dict[str, float] = {}
    for stored, count, with_score, total in uow.shortlist.by_attribute(round_id, filters, attribute.id):
        for value in _values(stored):
            counts[value] += count
            scored[value] += with_score
            sums[value] = sums.get(value, 0.0) + total
    order = [value for value, _ in attribute.values] + sorted(set(counts) - {v for v, _ in attribute.values})
    rows = [
        {
            "label": attribute.name_of(value) if value else "No answer",
            "count": counts[value],
            "mean": sums[value] / scored[value] if scored[value] else None,
        }
        for value in order
        if counts[value]
    ]
    return Bars(attribute.label, rows)


def _values(stored: str) -> list[str]:
    if stored.startswith("["):
        return [str(one) for one in json.loads(stored)] or [""]
    return [stored]
