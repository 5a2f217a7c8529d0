"""A fair lottery for K places under the rules: everybody's chance, the panels behind it, and the draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, log

import numpy as np

from services.cohorts.domain.lottery.chances import FAIR, Mixture, fairest
from services.cohorts.domain.lottery.draw import Distribution, Panel, draw, whole_weights
from services.cohorts.domain.selection.kinds import Kinds
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.relaxation import Clash, Relaxation, find_clash, relax
from services.cohorts.domain.selection.targets import Rule
from shared.errors import Invalid

EMPTY = Distribution((), (), ())


@dataclass(frozen=True)
class Lottery:
    """Everybody's chances and, if there was a seed, who was drawn.

    minimum: the lowest chance of anybody who can be on a panel at all and is not pinned; bound: the proven most that
    it could be. impossible: ids of people whom no panel that keeps the rules can hold (pinned out, or ruled out).
    """

    status: str
    aim: str
    seed: str | None = None
    drawn: tuple[str, ...] = ()
    distribution: Distribution = EMPTY
    chances: Mapping[str, float] = field(default_factory=dict)
    minimum: float = 0.0
    bound: float = 0.0
    impossible: tuple[str, ...] = ()
    relaxation: Relaxation | None = None
    clash: Clash | None = None

    @property
    def in_the_draw(self) -> list[float]:
        """The chances of those for whom the draw decides something, lowest first."""
        apart = {*self.impossible, *self.distribution.sure}
        return sorted(chance for person, chance in self.chances.items() if person not in apart)

    @property
    def gini(self) -> float:
        """Inequality of the chances: 0 when all are alike."""
        chances = self.in_the_draw
        total = fsum(chances)
        if not total:
            return 0.0
        ranked = fsum((2 * rank - len(chances) - 1) * chance for rank, chance in enumerate(chances, start=1))
        return ranked / (len(chances) * total)

    @property
    def geometric_mean(self) -> float:
        chances = self.in_the_draw
        if not chances or chances[0] <= 0:
            return 0.0
        return exp(fsum(log(chance) for chance in chances) / len(chances))


def hold(
    pool: Pool,
    rules: Sequence[Rule],
    size: int,
    *,
    aim: str = "leximin",
    pinned_in: Iterable[str] = (),
    pinned_out: Iterable[str] = (),
    seed: str | None = None,
) -> Lottery:
    """The fairest lottery for `size` places; drawn if there is a `seed`.

    For a lottery among near-ties, pin in those who are clear of the band and pin out those who are short of it
    (`bands.band` says who is who). The order of the pool's rows changes nothing.

    Raises `Invalid` as `selection.problem.state` does, or for an unknown `aim`.
    """
    if aim not in FAIR:
        raise Invalid({"lottery": [f"Choose one of {', '.join(FAIR)}."]})
    return hold_problem(state(pool.in_order(), rules, size, pinned_in, pinned_out), aim, seed)


def hold_problem(problem: Problem, aim: str, seed: str | None = None) -> Lottery:
    """The fairest lottery for a problem that is already stated."""
    kinds = Kinds.among(problem)
    mixture = fairest(kinds, aim)
    if mixture is None:
        return Lottery("infeasible", aim, seed, relaxation=relax(problem), clash=find_clash(problem))
    return _report(problem, kinds, mixture, aim, seed)


def _report(problem: Problem, kinds: Kinds, mixture: Mixture, aim: str, seed: str | None) -> Lottery:
    ids = problem.pool.ids
    members: list[list[str]] = [[] for _ in kinds.count]
    for person in np.flatnonzero(kinds.of >= 0):
        members[kinds.of[person]].append(ids[person])
    sure = tuple(sorted(ids[person] for person in np.flatnonzero(problem.must)))
    distribution = _published([tuple(sorted(names)) for names in members], sure, mixture)
    chances = {**dict.fromkeys(ids, 0.0), **distribution.chances()}
    never = {number for number in range(len(kinds.count)) if not mixture.panels[:, number].any()}
    impossible = tuple(
        sorted(person for place, person in enumerate(ids) if kinds.of[place] in never or not problem.may[place])
    )
    found = Lottery("optimal", aim, seed, (), distribution, chances, 0.0, mixture.bound, impossible)
    lowest = min(found.in_the_draw, default=1.0)
    drawn = draw(distribution, seed) if seed is not None else ()
    return Lottery("optimal", aim, seed, drawn, distribution, chances, lowest, max(mixture.bound, lowest), impossible)


def _published(members: list[tuple[str, ...]], sure: tuple[str, ...], mixture: Mixture) -> Distribution:
    """Kinds by their first id and panels by weight, so that the order owes nothing to the solver."""
    order = sorted(range(len(members)), key=lambda kind: members[kind])
    weights = whole_weights(mixture.weights.tolist())
    panels = [
        Panel(weight, tuple(int(panel[kind]) for kind in order))
        for weight, panel in zip(weights, mixture.panels, strict=True)
        if weight
    ]
    panels.sort(key=lambda panel: (-panel.weight, panel.counts))
    return Distribution(tuple(members[kind] for kind in order), sure, tuple(panels))


def reasons(lottery: Lottery) -> dict[str, dict[str, str]]:
    """For everybody: a code (certain, not_in_draw, in_draw, drawn, not_drawn) and a sentence.

    in_draw: nothing is drawn yet.
    """
    sure, impossible, drawn = set(lottery.distribution.sure), set(lottery.impossible), set(lottery.drawn)
    return {
        person: _reason(chance, person in sure, person in impossible, person in drawn if lottery.drawn else None)
        for person, chance in lottery.chances.items()
    }


def _reason(chance: float, sure: bool, impossible: bool, drawn: bool | None) -> dict[str, str]:
    if sure:
        return {"code": "certain", "text": "Certain of a place: every group that can be drawn holds them."}
    if impossible:
        return {"code": "not_in_draw", "text": "Not in the draw: pinned out, or no group that keeps the targets fits."}
    if drawn is None:
        return {"code": "in_draw", "text": f"In the draw, with a chance of {chance:.2%}."}
    if drawn:
        return {"code": "drawn", "text": f"Drawn by lot, with a chance of {chance:.2%}."}
    return {"code": "not_drawn", "text": f"Not drawn, with a chance of {chance:.2%}."}
