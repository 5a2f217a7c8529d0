"""When not every rule can be met: the least that must give way, and one small set of rules that clash.

The relaxation is an elastic model (Brown and Graves; see Chinneck, "Feasibility and Infeasibility in Optimization",
2008): every rule may be missed at its weight a person, and the total is made least; where several ways cost the same,
rules listed later give way before rules listed earlier. The clash is irreducible: leave out any one of its rules and
the others can be met. It is found by Junker's QuickXplain (AAAI 2004), which needs far fewer trials than leaving out
one rule after another, and prefers to blame rules listed later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.cohorts.domain.selection.kinds import Kinds
from services.cohorts.domain.selection.problem import Problem
from services.cohorts.domain.selection.targets import AtMost, Target
from shared.highs import INFINITY, Columns, Floats, IntegerProgramme


@dataclass(frozen=True)
class Step:
    """One bound that gives way: rule number `rule` of the problem, from `was` people to `now`.

    side: "minimum" or "maximum". value: for an "at most n" rule, whose rule it is, such as the organisation's name.
    """

    rule: int
    side: str
    was: int
    now: int
    row: int
    text: str
    value: str | None = None


@dataclass(frozen=True)
class Relaxation:
    """The cheapest set of steps after which everything can be met; `cost` is their weighted sum of people."""

    steps: tuple[Step, ...]
    cost: int

    @property
    def text(self) -> str:
        return "The smallest change that makes it possible: " + "; ".join(step.text for step in self.steps) + "."

    def apply(self, problem: Problem) -> Problem:
        low, high, cap = problem.low.copy(), problem.high.copy(), problem.cap.copy()
        wide = len(low)
        for step in self.steps:
            if step.row >= wide:
                cap[step.row - wide] = step.now
            elif step.side == "minimum":
                low[step.row] = step.now
            else:
                high[step.row] = step.now
        return replace(problem, low=low, high=high, cap=cap)


def relax(problem: Problem) -> Relaxation:
    """The cheapest relaxation. Its cost is nought if nothing need give way."""
    return _Elastic(problem).relaxation()


class _Elastic:
    """The rows of a problem, each of which (but the size) may be missed at a price."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.kinds = problem, Kinds.among(problem)
        rules = rules_of_rows(problem)
        weight = np.array([problem.rules[rule].weight for rule in rules[1:]], dtype=float)
        order = np.array([len(problem.rules) - rule for rule in rules[1:]], dtype=float)
        rows = np.arange(1, len(rules))
        self.row, self.sign = np.concatenate([rows, rows]), np.repeat([1.0, -1.0], len(rows))
        self.weight, self.order = np.tile(weight, 2), np.tile(order, 2)

    def relaxation(self) -> Relaxation:
        cheapest = self._missed(self.weight, None)
        cost = round(float(self.weight @ cheapest))
        missed = self._missed(self.order, cost) if cost else cheapest
        return Relaxation(self._steps(missed), cost)

    def _missed(self, price: Floats, within: int | None) -> Floats:
        """By how much each row is missed, above and below, at the least total price within a total weight."""
        answer = self._programme(price, within).solve(grain=1.0)
        if answer is None:
            raise AssertionError("an elastic model can always be met")
        return np.rint(answer[len(self.kinds.count) :])

    def _programme(self, price: Floats, within: int | None) -> IntegerProgramme:
        kinds, count = self.kinds, len(self.kinds.count)
        rows, slack = kinds.held.shape[1], len(self.row)
        lengths = np.concatenate([kinds.held.sum(axis=1), np.full(slack, 2)])
        weighed = np.column_stack([self.row, np.full(slack, rows)]).reshape(-1)
        values = np.column_stack([self.sign, self.weight]).reshape(-1)
        ones = np.ones(int(kinds.held.sum()))
        columns = Columns(lengths, np.append(np.nonzero(kinds.held)[1], weighed), np.concatenate([ones, values]))
        cost = np.concatenate([np.zeros(count), -price])
        most = np.concatenate([kinds.count, np.full(slack, 2 * self.problem.size + int(np.abs(kinds.low).max()))])
        low = np.append(kinds.low, 0).astype(float)
        high = np.append(kinds.high.astype(float), INFINITY if within is None else within)
        return IntegerProgramme(cost, np.zeros(len(cost)), most.astype(float), columns, low, high)

    def _steps(self, missed: Floats) -> tuple[Step, ...]:
        below, above = missed.reshape(2, -1).astype(int).tolist()
        steps = [self._step(row, "minimum", -by) for row, by in enumerate(below, start=1) if by]
        steps += [self._step(row, "maximum", by) for row, by in enumerate(above, start=1) if by]
        return tuple(sorted(steps, key=lambda step: (step.rule, step.row, step.side)))

    def _step(self, row: int, side: str, by: int) -> Step:
        problem, wide = self.problem, len(self.problem.low)
        number = int(rules_of_rows(problem)[row])
        rule = problem.rules[number]
        if isinstance(rule, AtMost):
            was, value = int(problem.cap[row - wide]), problem.cap_text(row - wide)
            text = f"let {was + by} people share the {rule.column} “{value}”, not {was}"
            return Step(number, side, was, was + by, row, text, value)
        was = int((problem.low if side == "minimum" else problem.high)[row])
        least = "at least" if side == "minimum" else "at most"
        return Step(number, side, was, was + by, row, f"ask for {least} {was + by} with {rule.who}, not {was}")


def rules_of_rows(problem: Problem) -> "np.typing.NDArray[np.int64]":
    """The number of the rule behind each row, wide and then narrow; -1 for the size."""
    targets = [number for number, rule in enumerate(problem.rules) if isinstance(rule, Target)]
    return np.array([-1, *targets, *problem.cap_rule.tolist()], dtype=np.int64)


@dataclass(frozen=True)
class Side:
    """One half of a rule: its minimum, its maximum, or the whole of an "at most n" rule."""

    rule: int
    side: str
    text: str


@dataclass(frozen=True)
class Clash:
    """An irreducible set of sides that cannot all be met with this pool, this size and these pins."""

    sides: tuple[Side, ...]
    text: str


def find_clash(problem: Problem) -> Clash | None:
    """One irreducible clash, or None if everything can be met."""
    trial = _Trial(problem)
    sides = _sides(problem)
    if trial.possible(sides):
        return None
    blamed = _explain(trial, [], False, sides)
    ordered = tuple(sorted(blamed, key=lambda side: (side.rule, side.side)))
    return Clash(ordered, _in_words(problem, ordered))


def _sides(problem: Problem) -> list[Side]:
    sides = []
    for number, rule in enumerate(problem.rules):
        if isinstance(rule, AtMost):
            sides.append(Side(number, "maximum", rule.label))
            continue
        if rule.minimum > 0:
            sides.append(Side(number, "minimum", f"at least {rule.minimum} with {rule.who}"))
        if rule.maximum is not None and rule.maximum < problem.size:
            sides.append(Side(number, "maximum", f"at most {rule.maximum} with {rule.who}"))
    return sides


class _Trial:
    """Can these sides be met together? Each question is one small integer programme over kinds."""

    def __init__(self, problem: Problem) -> None:
        self.kinds, self.rules = Kinds.among(problem), rules_of_rows(problem)
        self.free = float(4 * problem.size + int(np.abs(self.kinds.low).max()))

    def possible(self, sides: Sequence[Side]) -> bool:
        minimum = [side.rule for side in sides if side.side == "minimum"]
        maximum = [side.rule for side in sides if side.side == "maximum"]
        size = self.rules == -1
        low = np.where(size | np.isin(self.rules, minimum), self.kinds.low, -self.free)
        high = np.where(size | np.isin(self.rules, maximum), self.kinds.high, self.free)
        nought = np.zeros(len(self.kinds.count))
        return self.kinds.programme(nought, low.astype(float), high.astype(float)).solve() is not None


def _explain(trial: _Trial, known: list[Side], known_grew: bool, suspects: list[Side]) -> list[Side]:
    """QuickXplain: the fewest of `suspects` that, with `known`, cannot be met."""
    if known_grew and not trial.possible(known):
        return []
    if len(suspects) == 1:
        return suspects
    half = len(suspects) // 2
    first, second = suspects[:half], suspects[half:]
    from_second = _explain(trial, known + first, True, second)
    from_first = _explain(trial, known + from_second, bool(from_second), first)
    return from_first + from_second


def _in_words(problem: Problem, sides: tuple[Side, ...]) -> str:
    pins = int(problem.must.sum()), int((~problem.may).sum())
    given = f"{problem.size} places" + "".join(
        f", {many} pinned {where}" for many, where in zip(pins, ("in", "out"), strict=True) if many
    )
    if len(sides) == 1:
        return f"With {given}, this cannot be met by this pool: {sides[0].text}{_how_many(problem, sides[0])}."
    listed = "; ".join(side.text for side in sides)
    return f"With {given}, these cannot all be met at once, though all but any one of them could: {listed}."


def _how_many(problem: Problem, side: Side) -> str:
    row = int(np.flatnonzero(rules_of_rows(problem) == side.rule)[0])
    if side.side != "minimum" or row >= len(problem.low):
        return ""
    there = int(problem.patterns[problem.profile[problem.may], row].sum())
    return f" (the pool has {there})"
