"""How a group comes out: every value of every attribute, and every target, in the pool and among the chosen."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from services.cohorts.domain.question import Candidate, Question
from services.cohorts.domain.selection.reasons import Explanation
from services.cohorts.domain.wishes import ORGANISATION, Attribute, Wish, counts_for, holds, in_words


def counts_of(
    candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question, chosen: AbstractSet[str]
) -> tuple[dict[str, Any], ...]:
    """For every value of every attribute: how many in the pool and among the chosen, with the wish about it."""
    wishes = {(wish.attribute, wish.value): wish for wish in question.wishes if not wish.also}
    lines = []
    for attribute in attributes:
        for value, label in attribute.values:
            wish = wishes.get((attribute.id, value))
            having = [c.reference for c in candidates if holds(c.attributes, attribute.id, value)]
            lines.append(
                {
                    "attribute": attribute.id,
                    "attribute_label": attribute.label,
                    "value": value,
                    "label": label,
                    "pool": len(having),
                    "chosen": sum(reference in chosen for reference in having),
                    "minimum": wish.least(question.size) if wish else None,
                    "maximum": wish.most(question.size) if wish else None,
                }
            )
    return tuple(lines)


def tallies_of(
    candidates: Sequence[Candidate],
    attributes: Sequence[Attribute],
    question: Question,
    chosen: AbstractSet[str],
    explanation: Explanation | None,
) -> tuple[dict[str, Any], ...]:
    """For every wish: its words, bounds in people, how many there are and are chosen, and its price if explained."""
    lines = []
    for number, wish in enumerate(question.wishes):
        line: dict[str, Any] = {
            "text": in_words(wish, attributes, question.size),
            "least": wish.least(question.size),
            "most": wish.most(question.size),
            "of": len(candidates),
            **_matching(wish, candidates, chosen),
        }
        if explanation:
            price = explanation.prices[number]
            line["price"] = {
                "points": float(price.points),
                "comes_in": list(price.comes_in),
                "goes_out": list(price.goes_out),
            }
        lines.append(line)
    return tuple(lines)


def _matching(wish: Wish, candidates: Sequence[Candidate], chosen: AbstractSet[str]) -> dict[str, int]:
    """How many in the pool and among the chosen match; for "at most n of each": the most that share a value."""
    if not wish.each:
        having = [c.reference for c in candidates if counts_for(wish, c.attributes)]
        return {"pool": len(having), "chosen": sum(reference in chosen for reference in having)}
    found = {"pool": 0, "chosen": 0}
    times: dict[tuple[str, str], int] = {}
    for c in candidates:
        value = c.organisation if wish.attribute == ORGANISATION else str(c.attributes.get(wish.attribute) or "")
        for among in ("pool", "chosen") if c.reference in chosen else ("pool",):
            if value.strip():
                times[among, value] = times.get((among, value), 0) + 1
                found[among] = max(found[among], times[among, value])
    return found
