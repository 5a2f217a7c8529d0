"""What staff ask: how many, which targets, who is pinned; and of whom it is asked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.cohorts.domain.wishes import Attribute, Wish, problem_with
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Pin:
    """Somebody who must, or must not, be chosen, and why."""

    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to choose: `size` people, `wishes` in order of importance."""

    size: int
    wishes: tuple[Wish, ...] = ()
    pinned_in: tuple[Pin, ...] = ()
    pinned_out: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the pool. An attribute with several values is a list."""

    reference: str
    score: float
    attributes: Mapping[str, Any]
    organisation: str


def pool_hash(candidates: Sequence[Candidate], question: Question) -> str:
    """SHA-256 of everything that the answer depends on."""
    content = {
        "pool": [asdict(candidate) for candidate in sorted(candidates, key=lambda c: c.reference)],
        "question": asdict(question),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def check(question: Question, attributes: Sequence[Attribute], candidates: Sequence[Candidate]) -> None:
    """Raise Invalid with everything in the question that makes no sense for these people."""
    problems: dict[str, list[str]] = {}
    if not candidates:
        problems["size"] = ["Nobody in this round has a score yet, so there is nobody to choose from."]
    elif not 1 <= question.size <= len(candidates):
        problems["size"] = [f"Choose from 1 to {len(candidates)} people: that is how many have a score."]
    for number, wish in enumerate(question.wishes):
        problem = problem_with(wish, attributes, max(question.size, 1)) or _several_problem(wish, candidates)
        if problem:
            problems[f"target-{number}"] = [problem]
    references = {candidate.reference for candidate in candidates}
    for name, pins in (("pinned_in", question.pinned_in), ("pinned_out", question.pinned_out)):
        wrong = [f"“{pin.reference}” is not in this pool." for pin in pins if pin.reference not in references]
        wrong += [f"Say why {pin.reference} is pinned." for pin in pins if not pin.reason.strip()]
        if wrong:
            problems[name] = wrong
    if problems:
        raise Invalid(problems)


def _several_problem(wish: Wish, candidates: Sequence[Candidate]) -> str | None:
    if wish.each and any(isinstance(c.attributes.get(wish.attribute), list) for c in candidates):
        return "People may have several of these at once, so set a most for one value at a time."
    return None
