"""Choose K people to the highest total score under the rules, and say what came of it.

The one function most callers want is `solve`. `choose` stops at the people, for callers who ask further questions of
the same problem, such as `reasons.explain`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from services.cohorts.domain.selection.lots import lots, settle
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.proving import Best, best
from services.cohorts.domain.selection.relaxation import Clash, Relaxation, find_clash, relax
from services.cohorts.domain.selection.sifting import People, Sieve
from services.cohorts.domain.selection.targets import Rule, Target


@dataclass(frozen=True)
class Choice:
    """The best choice, with the sieve that proved it still warm. `people`: their numbers in the pool, ascending."""

    problem: Problem
    sieve: Sieve
    best: Best
    people: People
    seed: str

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self.problem.pool.ids[person] for person in self.people)


@dataclass(frozen=True)
class Tally:
    """How one rule came out: `count` of the chosen people match it (for "at most n": the most that share a value)."""

    rule: Rule
    count: int


@dataclass(frozen=True)
class Selection:
    """Who is chosen. `selected` runs from the highest score down, equal scores by lot.

    objective, bound: total points, and the proven most that anybody could reach; `gap` is their difference, 0 when
    optimal. counts: column -> value -> how many chosen, for every column a target speaks of. When the rules cannot be
    met, `selected` is empty and `relaxation` and `clash` say why.
    """

    status: str
    seed: str
    selected: tuple[str, ...] = ()
    objective: Decimal = Decimal(0)
    bound: Decimal = Decimal(0)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    relaxation: Relaxation | None = None
    clash: Clash | None = None

    @property
    def gap(self) -> Decimal:
        return self.bound - self.objective


def solve(
    pool: Pool,
    rules: Sequence[Rule],
    size: int,
    *,
    pinned_in: Iterable[str] = (),
    pinned_out: Iterable[str] = (),
    seed: str = "",
) -> Selection:
    """Choose `size` people of `pool`: the same people whatever the order of the pool and whatever the machine.

    Raises `Invalid` for rules, sizes or pins that make no sense; rules that make sense and clash are an answer.
    """
    return solve_problem(state(pool, rules, size, pinned_in, pinned_out), seed)


def solve_problem(problem: Problem, seed: str = "") -> Selection:
    choice = choose(problem, seed)
    return infeasible(problem, seed) if choice is None else as_selection(choice)


def infeasible(problem: Problem, seed: str = "") -> Selection:
    """What to say when `choose` finds nothing."""
    return Selection("infeasible", seed, relaxation=relax(problem), clash=find_clash(problem))


def choose(problem: Problem, seed: str = "") -> Choice | None:
    """The best choice, ties settled by lot; None if the rules cannot be met."""
    sieve = Sieve(problem)
    found = best(sieve)
    if found is None:
        return None
    return Choice(problem, sieve, found, settle(sieve, found, lots(seed)), seed)


def as_selection(choice: Choice) -> Selection:
    pool = choice.problem.pool
    total = pool.points(choice.problem.total(choice.people))
    return Selection(
        "optimal",
        choice.seed,
        by_score(choice),
        total,
        total,
        _counts(choice.problem, choice.people),
        tuple(_tally(choice.problem, rule, choice.people) for rule in choice.problem.rules),
    )


def by_score(choice: Choice) -> tuple[str, ...]:
    pool, lot = choice.problem.pool, lots(choice.seed)
    order = sorted(choice.people.tolist(), key=lambda person: (-pool.gains[person], lot(pool.ids[person])))
    return tuple(pool.ids[person] for person in order)


def nearest(problem: Problem, relaxation: Relaxation, seed: str = "") -> Selection:
    """The best choice once the relaxation's steps are taken."""
    return replace(solve_problem(relaxation.apply(problem), seed), relaxation=relaxation)


def _counts(problem: Problem, people: People) -> dict[str, dict[str, int]]:
    return count_values(problem.pool, problem.rules, people)


def count_values(pool: Pool, rules: Sequence[Rule], people: People) -> dict[str, dict[str, int]]:
    """Column -> value -> how many of `people` (numbers in the pool), for every column that a target speaks of."""
    named = {column: 0 for rule in rules if isinstance(rule, Target) for column, _ in rule.where}
    counts: dict[str, dict[str, int]] = {}
    for name in named:
        column = pool.columns[name]
        times = np.bincount(column.codes[people], minlength=len(column.values))
        counts[name] = {value: int(times[code]) for code, value in enumerate(column.values)}
    return counts


def _tally(problem: Problem, rule: Rule, people: People) -> Tally:
    if isinstance(rule, Target):
        match = np.ones(len(people), dtype=bool)
        for column, values in rule.where:
            match &= problem.pool.columns[column].is_any_of(values)[people]
        return Tally(rule, int(match.sum()))
    column_of = problem.pool.columns[rule.column]
    held = [text for text in (column_of.text(person) for person in people) if text.strip()]
    return Tally(rule, max((held.count(text) for text in set(held)), default=0))
