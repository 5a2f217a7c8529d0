"""Staff's question to the selection engine, and the engine's answer in the programme's words."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from typing import Any

from services.cohorts.domain.selection.choosing import Choice, as_selection, choose
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.reasons import explain
from services.cohorts.domain.selection.relaxation import Relaxation, find_clash, relax
from services.cohorts.domain.selection.targets import AtMost, Rule, Target, weights_by_order
from shared.errors import Invalid

ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Wish:
    """A target: at least `minimum` and at most `maximum` people with this value of an attribute."""

    attribute: str
    value: str
    minimum: int = 0
    maximum: int | None = None


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
    one_per_organisation: bool = False
    pinned_in: tuple[Pin, ...] = ()
    pinned_out: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the pool. An attribute with several values is a list."""

    reference: str
    score: float
    attributes: Mapping[str, Any]
    organisation: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that targets may speak of: its label, and its values with theirs."""

    id: str
    label: str
    values: tuple[tuple[str, str], ...]

    def name_of(self, value: str) -> str:
        """A value's label."""
        return dict(self.values).get(value, value)


@dataclass(frozen=True, slots=True)
class Why:
    """What is said of one person: the reason's code and its words."""

    chosen: bool
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: status optimal, relaxed or infeasible. `reasons` is by reference.

    `counts` has a line for each value of each attribute, with the wish about it if there is one.
    """

    status: str
    objective: float | None
    bound: float | None
    reasons: Mapping[str, Why]
    counts: tuple[dict[str, Any], ...]
    relaxation: tuple[dict[str, Any], ...]
    clash: tuple[str, ...]
    seconds: float


def read_attributes(rows: Sequence[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """A round's attributes from its stored copy; the organisation has a rule of its own."""
    return tuple(
        Attribute(row["id"], row["label"], tuple((choice["value"], choice["label"]) for choice in row["values"]))
        for row in rows
        if row["id"] != ORGANISATION
    )


def holds(attributes: Mapping[str, Any], attribute: str, value: str) -> bool:
    """Whether somebody has this value of an attribute."""
    held = attributes.get(attribute)
    return value in held if isinstance(held, list) else held == value


def pool_hash(candidates: Sequence[Candidate], question: Question) -> str:
    """SHA-256 of everything that the answer depends on."""
    content = {
        "pool": [asdict(candidate) for candidate in sorted(candidates, key=lambda c: c.reference)],
        "question": asdict(question),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def answer(
    candidates: Sequence[Candidate],
    attributes: Sequence[Attribute],
    question: Question,
    seed: str,
    *,
    nearest: bool = False,
) -> Answer:
    """Choose, and say why for everybody; when it cannot be done, say what clashes and the least that must give way.

    `nearest` then chooses with that relaxation (status relaxed) instead of choosing nobody (status infeasible).

    Raises:
        Invalid: the question makes no sense.
    """
    _check(question, attributes, candidates)
    began = time.perf_counter()
    problem = _problem(candidates, attributes, question)
    choice, clash, relaxation = choose(problem, seed), None, None
    status = "optimal"
    if choice is None:
        clash, relaxation, status = find_clash(problem), relax(problem), "infeasible"
        if nearest:
            choice, status = choose(relaxation.apply(problem), seed), "relaxed"
    chosen = choice.ids if choice else frozenset()
    found = as_selection(choice) if choice else None
    return Answer(
        status=status,
        objective=float(found.objective) if found else None,
        bound=float(found.bound) if found else None,
        reasons=_reasons(choice) if choice else {},
        counts=_counts(candidates, attributes, question, chosen),
        relaxation=_steps(relaxation),
        clash=tuple(side.text for side in clash.sides) if clash else (),
        seconds=time.perf_counter() - began,
    )


def _problem(candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question) -> Problem:
    named = _column_names(attributes, question.wishes)
    return state(
        _pool(candidates, attributes, question, named),
        _rules(candidates, question, named),
        question.size,
        [pin.reference for pin in question.pinned_in],
        [pin.reference for pin in question.pinned_out],
    )


def _reasons(choice: Choice) -> dict[str, Why]:
    return {
        reference: Why(reason.chosen, reason.code, reason.text) for reference, reason in explain(choice).reasons.items()
    }


def _steps(relaxation: Relaxation | None) -> tuple[dict[str, Any], ...]:
    steps = relaxation.steps if relaxation else ()
    return tuple({"text": step.text, "side": step.side, "was": int(step.was), "now": int(step.now)} for step in steps)


def _check(question: Question, attributes: Sequence[Attribute], candidates: Sequence[Candidate]) -> None:
    problems: dict[str, list[str]] = {}
    known = {attribute.id: {value for value, _ in attribute.values} for attribute in attributes}
    if not candidates:
        problems["size"] = ["Nobody in this round has a score yet, so there is nobody to choose from."]
    elif not 1 <= question.size <= len(candidates):
        problems["size"] = [f"Choose from 1 to {len(candidates)} people: that is how many have a score."]
    for number, wish in enumerate(question.wishes):
        problem = _wish_problem(wish, known, question.size)
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


def _wish_problem(wish: Wish, known: Mapping[str, set[str]], size: int) -> str | None:
    if wish.attribute not in known:
        return "Choose an attribute of this round."
    if wish.value not in known[wish.attribute]:
        return "Choose one of this attribute’s values."
    if not wish.minimum and wish.maximum is None:
        return "Give a least or a most number of people."
    if wish.minimum < 0 or (wish.maximum is not None and wish.maximum < 0):
        return "A number of people cannot be below nought."
    if wish.maximum is not None and wish.minimum > wish.maximum:
        return "The least number is more than the most."
    return f"Only {size} people are to be chosen." if wish.minimum > size else None


_Names = Mapping[tuple[str, str], tuple[str, str]]


def _column_names(attributes: Sequence[Attribute], wishes: Sequence[Wish]) -> _Names:
    """(attribute, value) -> (column, text) in the words of the programme, for rules to speak in."""
    by_id = {attribute.id: attribute for attribute in attributes}
    labels = [attribute.label for attribute in attributes]
    named = {}
    for wish in wishes:
        attribute = by_id[wish.attribute]
        label = attribute.label if labels.count(attribute.label) == 1 else attribute.id
        named[wish.attribute, wish.value] = (f"{label}:", attribute.name_of(wish.value))
    return named


def _several(candidates: Sequence[Candidate], attribute: str) -> bool:
    return any(isinstance(c.attributes.get(attribute), list) for c in candidates)


def _pool(candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question, named: _Names) -> Pool:
    columns: dict[str, list[str]] = {}
    by_id = {attribute.id: attribute for attribute in attributes}
    for wish in question.wishes:
        column, text = named[wish.attribute, wish.value]
        if _several(candidates, wish.attribute):
            # Somebody may have several values, so each value is a yes or no of its own.
            having = [holds(c.attributes, wish.attribute, wish.value) for c in candidates]
            columns[f"{column} {text}"] = ["yes" if one else "no" for one in having]
        else:
            name_of = by_id[wish.attribute].name_of
            columns[column] = [name_of(str(c.attributes.get(wish.attribute) or "")) for c in candidates]
    if question.one_per_organisation:
        columns[ORGANISATION] = [c.organisation for c in candidates]
    return Pool.build([c.reference for c in candidates], [c.score for c in candidates], columns)


def _rules(candidates: Sequence[Candidate], question: Question, named: _Names) -> list[Rule]:
    weights = weights_by_order(len(question.wishes) + 1)
    rules: list[Rule] = []
    for wish, weight in zip(question.wishes, weights, strict=False):
        column, text = named[wish.attribute, wish.value]
        where = {f"{column} {text}": "yes"} if _several(candidates, wish.attribute) else {column: text}
        rules.append(Target.of(where, wish.minimum, wish.maximum, weight))
    if question.one_per_organisation:
        rules.append(AtMost(ORGANISATION, 1, weights[-1]))
    return rules


def _counts(
    candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question, chosen: AbstractSet[str]
) -> tuple[dict[str, Any], ...]:
    """For every value of every attribute: how many in the pool and among the chosen, with the wish about it."""
    wishes = {(wish.attribute, wish.value): wish for wish in question.wishes}
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
                    "minimum": wish.minimum if wish else None,
                    "maximum": wish.maximum if wish else None,
                }
            )
    return tuple(lines)
