"""From the relaxation to the best whole choice, with its proof.

Whoever's reduced gain is large is settled: putting them the other way costs more than can be won back. So only a core
of people near nought is left open, an exact integer programme chooses among them, and its answer is proven best when
the bound less the smallest reduced gain outside the core is no better. If it is not, the core grows to hold everybody
who could be in a better choice, and no further.

Method: reduced-cost fixing around a core, as for knapsacks in Balas and Zemel, Operations Research 28 (1980).
"""

from dataclasses import dataclass

import numpy as np

from services.cohorts.domain.selection.pool import Ints
from services.cohorts.domain.selection.problem import NOBODY, Bools, Problem
from services.cohorts.domain.selection.sifting import GRAIN, Change, People, Relaxed, Sieve
from shared.highs import INFINITY, Columns, Floats, IntegerProgramme

FIRST_CORE = 60
GROWTH = 1.6
"""A core that is not yet proven large enough grows by this much: a slightly larger core often holds a better choice,
which settles more people, so that the core in which the proof is made stays small."""


@dataclass(frozen=True)
class Best:
    """A best choice: `people` (their numbers, ascending), worth `value` units above the middle; `relaxed` its proof."""

    people: People
    value: int
    relaxed: Relaxed


def best(sieve: Sieve, change: Change | None = None) -> Best | None:
    """The best choice for the (changed) problem, proven; None if it has none."""
    change = change or Change()
    relaxed = sieve.relax(change)
    if relaxed is None:
        return None
    core = Core(sieve, change, relaxed)
    people = core.search()
    return None if people is None else Best(people, int(sieve.problem.gains[people].sum()), relaxed)


class Core:
    """The search among people whose reduced gain is near nought."""

    def __init__(self, sieve: Sieve, change: Change, relaxed: Relaxed) -> None:
        self.sieve, self.problem, self.relaxed = sieve, sieve.problem, relaxed
        self.low, self.high = sieve.wide_bounds(change)
        self.undecided = relaxed.forced == 0
        self.distance = np.where(self.undecided, np.abs(relaxed.reduced), -1)
        self.sorted = np.sort(self.distance[self.undecided])

    def search(self) -> People | None:
        whole = self.relaxed.whole
        if whole is not None and int(self.problem.gains[whole].sum()) >= self.relaxed.best_whole:
            return whole
        size = FIRST_CORE + 2 * self.sieve.wide
        found: People | None = None
        value: int | None = None
        while True:
            within = self._radius(size)
            other = self.choose(within, None if value is None else value + 1)
            worth = None if other is None else int(self.problem.gains[other].sum())
            if worth is not None and (value is None or worth > value):
                found, value = other, worth
            if within is None or (value is not None and value >= self._best_beyond(within)):
                return found
            size = self._next_size(size, value)

    def _radius(self, size: int) -> int | None:
        """How far from nought the `size` nearest reach; None if that is everybody."""
        return int(self.sorted[size]) if size < len(self.sorted) else None

    def _best_beyond(self, within: int) -> int:
        """No choice that goes against somebody outside the core is worth more than this."""
        beyond = int(np.searchsorted(self.sorted, within, side="right"))
        if beyond == len(self.sorted):
            return np.iinfo(np.int64).min
        return (self.relaxed.bound - int(self.sorted[beyond])) // GRAIN

    def _next_size(self, size: int, value: int | None) -> int:
        if value is None:
            return 4 * size
        matter = self.relaxed.bound - (value + 1) * GRAIN
        return max(size + 1, min(int(GROWTH * size), int(np.searchsorted(self.sorted, matter, side="right"))))

    def choose(self, within: int | None, at_least: int | None = None) -> People | None:
        """The best choice that agrees with the relaxation about everybody further than `within` from nought."""
        open_to_all = self.undecided if within is None else self.undecided & (self.distance <= within)
        settled = (self.relaxed.forced > 0) | (self.undecided & ~open_to_all & (self.relaxed.reduced > 0))
        rest = Remainder.after(self.problem, np.flatnonzero(settled), self.low, self.high)
        people = rest.worth_considering(np.flatnonzero(open_to_all))
        cost, grain = self.sieve.cost[people], 1 / self.sieve.unit
        done = float(self.sieve.cost[rest.settled].sum())
        answer = rest.programme(people, cost).solve(
            grain=grain,
            enough=self.relaxed.best_whole * grain - done,
            better_than=None if at_least is None else at_least * grain - done,
        )
        return None if answer is None else np.sort(np.concatenate([rest.settled, people[answer > 0.5]]))


@dataclass(frozen=True)
class Floor:
    """A further row: the chosen people's `worth` must come to `least` at least."""

    worth: Floats
    least: float


@dataclass(frozen=True)
class Remainder:
    """The rows that are left once some people are settled: `low` and `high` of the wide ones, `room` of the narrow."""

    problem: Problem
    settled: People
    low: Ints
    high: Ints
    room: Ints

    @classmethod
    def after(cls, problem: Problem, settled: People, low: Ints, high: Ints) -> "Remainder":
        counted = problem.patterns[problem.profile[settled]].sum(axis=0)
        return cls(problem, settled, low - counted, high - counted, problem.cap - _held(problem, settled))

    def worth_considering(self, people: People, then: Ints | None = None) -> People:
        """Of people alike in every row only so many of the best as there is room for; none where there is no room.

        then: of people who are also alike in gain, the lowest of this first (by default, as they stand in the pool).
        """
        allowed = np.append(self.room, self.problem.size)
        room = np.where(self.problem.patterns, self.high, self.problem.size).min(axis=1)[self.problem.profile[people]]
        alike: tuple[Ints, ...] = (self.problem.profile[people].astype(np.int64),)
        if self.problem.caps.shape[1]:
            caps = self.problem.caps[people]
            room = np.minimum(room, allowed[caps].min(axis=1))
            alike += tuple(caps.T.astype(np.int64))
        order = (-self.problem.gains[people],) if then is None else (then, -self.problem.gains[people])
        return people[np.sort(_first_of_each(alike, order, room))]

    def programme(self, people: People, cost: Floats, floor: "Floor | None" = None) -> IntegerProgramme:
        """Choose among `people` at the highest total `cost`, under every row that can still matter."""
        narrow, cap = self._narrow(people)
        held = np.concatenate([self.problem.patterns[self.problem.profile[people]], narrow], axis=1).astype(float)
        low = np.concatenate([self.low, np.full(len(cap), -self.problem.size)]).astype(float)
        high = np.concatenate([self.high, cap]).astype(float)
        if floor is not None:
            held = np.column_stack([held, floor.worth])
            low, high = np.append(low, floor.least), np.append(high, INFINITY)
        columns = Columns((held != 0).sum(axis=1), np.nonzero(held)[1], held[held != 0])
        nought = np.zeros(len(people))
        return IntegerProgramme(cost, nought, nought + 1, columns, low, high)

    def _narrow(self, people: People) -> tuple[Bools, Ints]:
        caps = self.problem.caps[people]
        rows, times = np.unique(caps[caps != NOBODY], return_counts=True)
        rows = rows[times > self.room[rows]]
        return (caps[:, :, None] == rows).any(axis=1), self.room[rows]


def _held(problem: Problem, people: People) -> Ints:
    caps = problem.caps[people]
    return np.bincount(caps[caps != NOBODY], minlength=len(problem.cap)).astype(np.int64)


def _first_of_each(alike: tuple[Ints, ...], order: tuple[Ints, ...], room: Ints) -> People:
    """Places of the first `room` of each kind, where people are of one kind if `alike` agrees."""
    places = np.lexsort((*order, *alike))
    new = np.zeros(len(places), dtype=bool)
    new[:1] = True
    for key in alike:
        new[1:] |= key[places][1:] != key[places][:-1]
    started = np.flatnonzero(new)
    rank = np.arange(len(places)) - np.repeat(started, np.diff(np.append(started, len(places))))
    return places[rank < room[places]]
