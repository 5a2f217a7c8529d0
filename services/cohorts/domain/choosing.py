"""Staff's question to the selection engine, and the engine's answer in the programme's words."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.cohorts.domain.question import Candidate, Pin, Question, check, pool_hash
from services.cohorts.domain.selection.choosing import Choice, as_selection, choose
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.reasons import Explanation, explain
from services.cohorts.domain.selection.relaxation import Clash, Relaxation, Step, find_clash, relax
from services.cohorts.domain.tallies import counts_of, tallies_of
from services.cohorts.domain.wishes import (
    EACH,
    ORGANISATION,
    Attribute,
    Columns,
    Names,
    Wish,
    holds,
    read_attributes,
    relaxed,
)

__all__ = [
    "EACH",
    "ORGANISATION",
    "Answer",
    "Attribute",
    "Candidate",
    "Feasibility",
    "Pin",
    "Question",
    "Why",
    "Wish",
    "answer",
    "feasibility",
    "holds",
    "pool_hash",
    "problem_of",
    "read_attributes",
    "stepped",
]

EFFORT, EFFORT_WITH_CAPS = 400, 120
"""How many what-ifs are asked for those not chosen. Beyond, people are told the least that they were short."""


@dataclass(frozen=True, slots=True)
class Why:
    """What is said of one person: the reason's code and its words.

    points, exact: how many points they could lose, or were short of; a proven least when not exact. instead: the
    references of those who would come in, or go out, if the targets numbered in `rules` were dropped.
    """

    chosen: bool
    code: str
    text: str
    points: float | None = None
    exact: bool = True
    rules: tuple[int, ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: status optimal, relaxed or infeasible. `reasons` is by reference.

    `counts` has a line for each value of each attribute, with the wish about it if there is one; `tallies` one for
    each wish, in order: text, least, most (people), pool, of (all in it), chosen, and its price: points, comes_in,
    goes_out.
    """

    status: str
    objective: float | None
    bound: float | None
    reasons: Mapping[str, Why]
    counts: tuple[dict[str, Any], ...]
    tallies: tuple[dict[str, Any], ...]
    relaxation: tuple[dict[str, Any], ...]
    clash: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether the targets can be met, before anybody is chosen; `lines` as `Answer.tallies`, without people chosen."""

    possible: bool
    lines: tuple[dict[str, Any], ...]
    relaxation: tuple[dict[str, Any], ...] = ()
    clash: tuple[str, ...] = ()
    clash_text: str = ""


def feasibility(candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question) -> Feasibility:
    """Whether this pool can meet the targets; if not, what clashes and the least that must give way.

    Raises:
        Invalid: the question makes no sense.
    """
    problem = problem_of(candidates, attributes, question)
    lines = tallies_of(candidates, attributes, question, frozenset(), None)
    clash = find_clash(problem)
    if clash is None:
        return Feasibility(True, lines)
    return Feasibility(False, lines, _steps(relax(problem)), _sides(clash), clash.text)


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
    began = time.perf_counter()
    problem = problem_of(candidates, attributes, question)
    choice, clash, relaxation = choose(problem, seed), None, None
    status, asked = "optimal", question
    if choice is None:
        clash, relaxation, status = find_clash(problem), relax(problem), "infeasible"
        if nearest:
            asked = replace(question, wishes=relaxed(question.wishes, relaxation.steps, question.size))
            choice, status = choose(_problem(candidates, attributes, asked), seed), "relaxed"
    chosen = choice.ids if choice else frozenset()
    found = as_selection(choice) if choice else None
    explanation = _explained(choice) if choice else None
    return Answer(
        status=status,
        objective=float(found.objective) if found else None,
        bound=float(found.bound) if found else None,
        reasons=_reasons(explanation) if explanation else {},
        counts=counts_of(candidates, attributes, question, chosen),
        tallies=tallies_of(candidates, attributes, asked, chosen, explanation),
        relaxation=_steps(relaxation),
        clash=_sides(clash),
        seconds=time.perf_counter() - began,
    )


def problem_of(candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question) -> Problem:
    """The question as the engines take it; raises Invalid when it makes no sense."""
    check(question, attributes, candidates)
    return _problem(candidates, attributes, question)


def _problem(candidates: Sequence[Candidate], attributes: Sequence[Attribute], question: Question) -> Problem:
    table = Columns([c.attributes for c in candidates], [c.organisation for c in candidates], Names(attributes))
    rules = table.rules(question.wishes, question.size)
    return state(
        Pool.build([c.reference for c in candidates], [c.score for c in candidates], table.columns),
        rules,
        question.size,
        [pin.reference for pin in question.pinned_in],
        [pin.reference for pin in question.pinned_out],
    )


def _explained(choice: Choice) -> Explanation:
    return explain(choice, effort=EFFORT_WITH_CAPS if choice.problem.caps.shape[1] else EFFORT)


def _reasons(explanation: Explanation) -> dict[str, Why]:
    return {
        reference: Why(
            reason.chosen,
            reason.code,
            reason.text,
            None if reason.points is None else float(reason.points),
            reason.exact,
            reason.rules,
            reason.instead,
        )
        for reference, reason in explanation.reasons.items()
    }


def _sides(clash: Clash | None) -> tuple[str, ...]:
    return tuple(side.text for side in clash.sides) if clash else ()


def _steps(relaxation: Relaxation | None) -> tuple[dict[str, Any], ...]:
    """Each step with all that `stepped` needs to take it."""
    steps = relaxation.steps if relaxation else ()
    return tuple(
        {
            "text": step.text,
            "side": step.side,
            "was": int(step.was),
            "now": int(step.now),
            "rule": step.rule,
            "value": step.value,
        }
        for step in steps
    )


def stepped(question: Question, steps: Sequence[Mapping[str, Any]]) -> Question:
    """The question with the steps of a kept relaxation taken."""
    taken = [Step(s["rule"], s["side"], s["was"], s["now"], -1, s["text"], s["value"]) for s in steps]
    return replace(question, wishes=relaxed(question.wishes, taken, question.size))
