"""A rubric as staff write it: checked, with ids for new criteria."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.cohorts.domain.rubric import HIGHEST, LOWEST, Criterion
from shared.errors import Invalid

MOST_CRITERIA = 12
LABEL_LIMIT, ABOUT_LIMIT, ANCHOR_LIMIT = 120, 1_000, 500


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One criterion as it was typed. `id` is "" for a new one; `anchors` describe 1 to 5 in order."""

    id: str = ""
    label: str
    description: str = ""
    weight: float | None = 1.0
    anchors: Sequence[str] = ()
    independent: bool = True


def checked_rubric(wanted: Sequence[Wanted]) -> tuple[Criterion, ...]:
    """The rubric that was wanted; problems by field (`label-0`, `weight-0`, `anchor-0-1` ...) as Invalid."""
    problems: dict[str, list[str]] = {}
    if not 1 <= len(wanted) <= MOST_CRITERIA:
        problems["label-0"] = [f"A rubric has from 1 to {MOST_CRITERIA} criteria."]
    labels: set[str] = set()
    for place, one in enumerate(wanted):
        problems |= _problems(place, one)
        if one.label.casefold() in labels:
            problems[f"label-{place}"] = ["Another criterion has this name already."]
        labels.add(one.label.casefold())
    if problems:
        raise Invalid(problems)
    ids: set[str] = {one.id for one in wanted if one.id}
    return tuple(_criterion(one, ids) for one in wanted)


def _problems(place: int, one: Wanted) -> Mapping[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not one.label or len(one.label) > LABEL_LIMIT:
        problems[f"label-{place}"] = [f"Name the criterion, in up to {LABEL_LIMIT} characters."]
    if len(one.description) > ABOUT_LIMIT:
        problems[f"description-{place}"] = [f"Keep it under {ABOUT_LIMIT:,} characters."]
    if one.weight is None or not 0 < one.weight <= 100:
        problems[f"weight-{place}"] = ["A weight is a number above 0 and up to 100."]
    for score in range(LOWEST, HIGHEST + 1):
        text = one.anchors[score - LOWEST] if len(one.anchors) >= score - LOWEST + 1 else ""
        if not text or len(text) > ANCHOR_LIMIT:
            problems[f"anchor-{place}-{score}"] = [f"Describe a {score}, in up to {ANCHOR_LIMIT} characters."]
    return problems


def _criterion(one: Wanted, ids: set[str]) -> Criterion:
    id = one.id or _new_id(one.label, ids)
    ids.add(id)
    return Criterion(id, one.label, one.description, float(one.weight or 1.0), tuple(one.anchors), one.independent)


def _new_id(label: str, taken: set[str]) -> str:
    """A short word from the label that no other criterion has."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30] or "criterion"
    return next(id for id in (base, *(f"{base}_{n}" for n in range(2, 100))) if id not in taken)
