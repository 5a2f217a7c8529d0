"""The fairest chances: maximin (the lowest chance as high as can be) and leximin (then the next lowest, and so on).

Reference: Flanigan, Gölz, Gupta, Hennig and Procaccia, "Fair algorithms for selecting citizens' assemblies", Nature 596
(2021), whose LEXIMIN this computes on counts by kind. A master programme mixes the panels known so far; its prices ask
for the panel that would help most; when none helps, the mixture is optimal. Before that, the same question is put to
the linear relaxation, which is quick and an upper bound: a mixture that reaches it is optimal without further proof.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.cohorts.domain.lottery.panels import TINY, Counts, Panels
from services.cohorts.domain.lottery.splitting import corners
from services.cohorts.domain.selection.kinds import Kinds
from shared.highs import INFINITY, Columns, Floats, Linear

CLOSE = 1e-9
FAIR = ("maximin", "leximin")


@dataclass(frozen=True)
class Mixture:
    """Whole panels (J, M), their weights (J,), which sum to 1, and the proven most that the lowest chance could be."""

    panels: Counts
    weights: Floats
    bound: float

    @property
    def averages(self) -> Floats:
        return self.weights @ self.panels


def fairest(kinds: Kinds, aim: str) -> Mixture | None:
    """The fairest mixture of panels by `aim`, "maximin" or "leximin"; None if there is no panel at all."""
    panels = Panels(kinds)
    first = panels.best(np.zeros(len(kinds.count)))
    if first is None:
        return None
    known = _covering(panels, first)
    reachable = np.max(known, axis=0) > 0
    average = _relaxed_chances(panels, reachable, aim) * kinds.count
    master = Master(panels, reachable, known)
    return master.leximin(average) if aim == "leximin" else master.maximin(average)


def _covering(panels: Panels, first: Counts) -> list[Counts]:
    """Panels that between them hold every kind that any panel can hold."""
    known, covered, hopeless = [first], first > 0, np.zeros(len(first), dtype=bool)
    while not (covered | hopeless).all():
        wanted = (~covered & ~hopeless).astype(float)
        panel = panels.best(wanted)
        if panel is None or not (panel * wanted).any():
            hopeless |= wanted > 0  # not one of them can be had, or the best panel would have held it
            break
        known.append(panel)
        covered |= panel > 0
    return known


def _relaxed_chances(panels: Panels, reachable: npt.NDArray[np.bool_], aim: str) -> Floats:
    """(M,) chances that are maximin or leximin when panels may split people: nothing whole can be fairer."""
    kinds, many = panels.kinds, len(panels.kinds.count)
    rows = kinds.held.shape[1]
    linear = Linear(np.append(panels.all.low, np.zeros(many)), np.append(panels.all.high, np.full(many, INFINITY)))
    entries = np.column_stack([kinds.held, np.eye(many, dtype=bool)])
    upper = np.where(reachable, kinds.count, 0).astype(float)
    linear.add_columns(np.zeros(many), np.zeros(many), upper, Columns(entries.sum(axis=1), np.nonzero(entries)[1]))
    return _by_stages(linear, kinds, reachable, many, rows, aim)


def _by_stages(
    linear: Linear, kinds: Kinds, reachable: npt.NDArray[np.bool_], floor_column: int, rows: int, aim: str
) -> Floats:
    """Raise the floor under everybody; fix who holds it down; raise it under the rest; until nobody is left."""
    many = len(kinds.count)
    fixed: Floats = np.where(reachable, np.nan, 0.0)
    floor_rows = rows + np.arange(many)
    linear.add_columns(np.ones(1), np.zeros(1), np.ones(1), _floor_entries(kinds, floor_rows, np.isnan(fixed)))
    while np.isnan(fixed).any():
        if not linear.solve():
            raise AssertionError("the chances of the stage before are still possible")
        values = linear.values()
        average, floor = values[:many], values[floor_column]
        if aim == "maximin":
            return average / kinds.count
        stuck = np.isnan(fixed) & (np.abs(linear.duals()[rows:]) > TINY)
        stuck = stuck if stuck.any() else np.isnan(fixed)
        fixed[stuck] = floor
        for kind in np.flatnonzero(stuck):
            linear.solver.changeCoeff(int(floor_rows[kind]), floor_column, 0.0)
        least: Floats = (fixed * kinds.count)[stuck] - CLOSE
        linear.bound_rows(floor_rows[stuck], least, np.full(len(least), INFINITY))
    return fixed


def _floor_entries(kinds: Kinds, floor_rows: npt.NDArray[np.int64], raised: npt.NDArray[np.bool_]) -> Columns:
    """The floor's column: -count in the row of every kind whose floor is being raised."""
    return Columns(np.array([raised.sum()]), floor_rows[raised], -kinds.count[raised].astype(float))


class Master:
    """Mixes known panels, and asks for more while more would help."""

    def __init__(self, panels: Panels, reachable: npt.NDArray[np.bool_], known: list[Counts]) -> None:
        self.panels, self.kinds, self.reachable = panels, panels.kinds, reachable
        self.many = len(self.kinds.count)
        self.seen: set[bytes] = set()
        self.known: list[Counts] = []
        # rows: one per kind, its average less its floor; the last, that the weights sum to 1. column 0: the floor.
        self.linear = Linear(np.append(np.zeros(self.many), 1.0), np.append(np.full(self.many, INFINITY), 1.0))
        entries = _floor_entries(self.kinds, np.arange(self.many), reachable)
        self.linear.add_columns(np.ones(1), np.zeros(1), np.ones(1), entries)
        for panel in known:
            self.add(panel)

    def add(self, panel: Counts) -> bool:
        """Whether it was new."""
        if panel.tobytes() in self.seen:
            return False
        self.seen.add(panel.tobytes())
        self.known.append(panel)
        rows = np.flatnonzero(panel)
        values = np.append(panel[rows], 1).astype(float)
        column = Columns(np.array([len(values)]), np.append(rows, self.many), values)
        self.linear.add_columns(np.zeros(1), np.zeros(1), np.full(1, INFINITY), column)
        return True

    def maximin(self, relaxed: Floats) -> Mixture:
        bound = float((relaxed / self.kinds.count)[self.reachable].min(initial=1.0))
        for number, panel in enumerate(corners(self.panels, relaxed)):
            self.add(panel)
            if number % 8 == 7 and self.linear.solve() and self.linear.objective >= bound - CLOSE:
                break
        return self._mixture(self._raise_floor(bound))

    def leximin(self, relaxed: Floats) -> Mixture:
        """Reach the relaxation's chances if whole panels can; else go stage by stage."""
        bound = float((relaxed / self.kinds.count)[self.reachable].min(initial=1.0))
        for panel in corners(self.panels, relaxed):
            self.add(panel)
        if self._reaches(relaxed):
            return self._mixture(bound)
        fixed = np.where(self.reachable, np.nan, 0.0)
        first = None
        while np.isnan(fixed).any():
            floor = self._raise_floor(bound if first is None else 1.0)
            first = floor if first is None else first
            self._fix(fixed, floor)
        return self._mixture(first if first is not None else 1.0)

    def _reaches(self, relaxed: Floats) -> bool:
        """Whether the panels known mix to the relaxation's leximin averages, which nothing can be fairer than.

        Asked as "how far short must everybody fall?", so that there is always an answer; nought means yes.
        """
        kinds = np.arange(self.many)
        self._turn_floor(1.0)
        self.linear.bound_rows(kinds, relaxed, np.full(self.many, INFINITY))
        self.linear.price(np.zeros(1), -np.ones(1))
        if self.linear.solve() and self.linear.objective > -CLOSE:
            return True
        self._turn_floor(-1.0)
        self.linear.bound_rows(kinds, np.zeros(self.many), np.full(self.many, INFINITY))
        self.linear.price(np.zeros(1), np.ones(1))
        return False

    def _turn_floor(self, sign: float) -> None:
        """Let the floor's column raise (-1) what every kind is owed, or make up for it (1)."""
        for kind in np.flatnonzero(self.reachable):
            self.linear.solver.changeCoeff(int(kind), 0, sign * float(self.kinds.count[kind]))

    def _fix(self, fixed: Floats, floor: float) -> None:
        stuck = np.isnan(fixed) & (np.abs(self.linear.duals()[: self.many]) > TINY)
        stuck = stuck if stuck.any() else np.isnan(fixed)
        fixed[stuck] = floor
        for kind in np.flatnonzero(stuck):
            self.linear.solver.changeCoeff(int(kind), 0, 0.0)
        least = np.maximum(0.0, floor * self.kinds.count[stuck] - CLOSE)
        self.linear.bound_rows(np.flatnonzero(stuck), least, np.full(int(stuck.sum()), INFINITY))

    def _raise_floor(self, bound: float) -> float:
        """Generate panels until the floor is as high as it can be; return the proven most it can be."""
        while True:
            if not self.linear.solve():
                raise AssertionError("a mixture was found but could not be found again")
            floor = self.linear.objective
            if floor >= bound - CLOSE:
                return floor
            duals = self.linear.duals()
            worth, least = -duals[: self.many], float(duals[self.many])
            helped = False
            for panel in self._candidates(worth):
                helped |= float(worth @ panel) > least + CLOSE and self.add(panel)
            if not helped:
                return floor

    def _candidates(self, worth: Floats) -> list[Counts]:
        panel = self.panels.best(worth)
        return [] if panel is None else [panel]

    def _mixture(self, bound: float) -> Mixture:
        weights = np.maximum(self.linear.values()[1:], 0)
        used = weights > 1e-12
        return Mixture(np.array(self.known)[used], weights[used] / weights[used].sum(), bound)
