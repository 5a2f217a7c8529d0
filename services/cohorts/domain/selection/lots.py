"""Who is chosen when several choices are equally best: the published rule, and the search that carries it out.

Everybody has a lot: SHA-256 of "seed:id", read as a number. Of all choices with the highest total, take one that
holds the person with the lowest lot, if any of them does; of those, one that holds the person with the next lot, if
any does; and so on through the pool. Exactly one choice is left. It does not depend on the order of the pool, on the
machine, or on the solver, and nobody can aim for it without knowing the seed.
"""

from collections.abc import Callable
from hashlib import sha256

import numpy as np

from services.cohorts.domain.selection.pool import Ints
from services.cohorts.domain.selection.problem import Bools
from services.cohorts.domain.selection.proving import Best, Floor, Remainder
from services.cohorts.domain.selection.sifting import GRAIN, Change, People, Sieve
from shared.highs import Floats

BLOCK = 16
"""How many lots one integer programme decides: person j of the block counts 2 to the power of 15 - j."""

LotOf = Callable[[str], str]


def lots(seed: str) -> LotOf:
    """The published rule: the lot of an id, as 64 hexadecimal digits. Lower comes first."""
    return lambda person: sha256(f"{seed}:{person}".encode()).hexdigest()


def settle(sieve: Sieve, found: Best, lot: LotOf, change: Change | None = None) -> People:
    """The one choice, of all those worth as much as `found`, that the lots point to."""
    return Draw(sieve, found, lot, change or Change()).settle()


class Draw:
    """The equally best choices that are left, narrowed down lot by lot."""

    def __init__(self, sieve: Sieve, found: Best, lot: LotOf, change: Change) -> None:
        self.sieve, self.problem, self.found = sieve, sieve.problem, found
        self.low, self.high = sieve.wide_bounds(change)
        spare = found.relaxed.bound - found.value * GRAIN
        undecided = found.relaxed.forced == 0
        self.open: Bools = undecided & (np.abs(found.relaxed.reduced) <= spare)
        self.inside: Bools = (found.relaxed.forced > 0) | (undecided & ~self.open & (found.relaxed.reduced > 0))
        self.order = self._by_lot(lot)
        self.rank: Ints = np.zeros(len(self.problem.pool), dtype=np.int64)
        self.rank[self.order] = np.arange(len(self.order))
        self.chosen: Bools = np.zeros(len(self.problem.pool), dtype=bool)
        self.chosen[found.people] = True

    def _by_lot(self, lot: LotOf) -> People:
        people, ids = np.flatnonzero(self.open), self.problem.pool.ids
        return np.array(sorted(people.tolist(), key=lambda person: (lot(ids[person]), ids[person])), dtype=np.intp)

    def settle(self) -> People:
        self._drop_hopeless()
        moving = False  # after a block that changed the choice the next may well too: do not ask first
        while self._accept_leaders() and (moving or self._could_differ()):
            before = self.chosen.copy()
            self._decide_block()
            moving = bool((before != self.chosen).any())
        return np.flatnonzero(self.chosen)

    def _drop_hopeless(self) -> None:
        """Within a kind people go by gain and then by lot, so those beyond the room of their kind are out."""
        rest = self._rest()
        hopeful = np.zeros_like(self.open)
        people = np.flatnonzero(self.open)
        hopeful[rest.worth_considering(people, self.rank[people])] = True
        if (self.chosen & self.open & ~hopeful).any():
            self.chosen[:] = False  # it holds somebody where an equal with a better lot is free: find another
        self.open &= hopeful

    def _accept_leaders(self) -> bool:
        """Whoever has the best open lot and is in a best choice already is in. Whether anybody is still open."""
        for person in self.order:
            if self.open[person]:
                if not self.chosen[person]:
                    return True
                self.open[person], self.inside[person] = False, True
        return False

    def _could_differ(self) -> bool:
        """Whether some other choice is as good as the one at hand, which then takes its place."""
        if not self.chosen.any():
            return True
        people = np.flatnonzero(self.open)
        return self._improve(people, (~self.chosen[people]).astype(float)) > 0

    def _decide_block(self) -> None:
        """Settle the next few lots at once: the weights make one earlier person outweigh all later ones."""
        block = [person for person in self.order if self.open[person]][:BLOCK]
        people = np.flatnonzero(self.open)
        weight = np.zeros(len(self.open))
        weight[block] = 2.0 ** np.arange(len(block) - 1, -1, -1)
        self._improve(people, weight[people])
        for person in block:
            self.open[person], self.inside[person] = False, self.chosen[person]

    def _improve(self, people: People, weight: Floats) -> float:
        """Put the best choice by `weight`, of those of the highest total, in hand; return its weight."""
        rest = self._rest()
        least = self.found.value - int(self.problem.gains[rest.settled].sum())
        worth = self.sieve.cost[people]
        floor = Floor(worth, (least - 0.5) / self.sieve.unit)
        answer = rest.programme(people, weight, floor).solve(grain=1.0)
        if answer is None:
            raise AssertionError("a best choice was found but could not be found again")
        self.chosen[:] = self.inside
        self.chosen[people[answer > 0.5]] = True
        return float(weight[answer > 0.5].sum())

    def _rest(self) -> Remainder:
        return Remainder.after(self.problem, np.flatnonzero(self.inside), self.low, self.high)
