"""Costs for the flow: affinity first, exactly; then the published tie-break; some applications may weigh more."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .flow import Costs, Flow, Marks, solve
from .loads import Bounds
from .problem import Problem
from .ties import draws

Weights = NDArray[np.float64]
_COST_BITS = 46  # the solver multiplies costs by the number of nodes and must stay within 63 bits


@dataclass(frozen=True)
class Weighted:
    """The best assignment when application a's affinities count 1 + weights[a] times.

    `value` is what it is worth in affinity units, and no assignment is worth more than `value + slack`.
    """

    weights: Weights
    flow: Flow
    value: float
    slack: float
    units: float

    @property
    def prices(self) -> NDArray[np.float64]:
        """What one more review by each reviewer (m) is worth, in affinity units; at most nothing."""
        return self.flow.prices / self.units


@dataclass(frozen=True)
class Market:
    """One problem within its load bounds, to be solved under several weights."""

    problem: Problem
    bounds: Bounds

    @cached_property
    def _draws(self) -> Costs:
        return draws(self.problem.applications, self.problem.reviewers, 24)

    def best(
        self, weights: Weights | None = None, allowed: Marks | None = None, shown: Marks | None = None
    ) -> Weighted | None:
        """The assignment of highest weighted affinity among the `allowed` pairs (n, m); None if there is none."""
        p = self.problem
        weights = np.zeros(len(p.applications)) if weights is None else weights
        cost, units, slack = self._costs(weights)
        flow = solve(cost, p.allowed if allowed is None else allowed, p.need, self.bounds, shown)
        if flow is None:
            return None
        gain = (1.0 + weights) @ np.where(flow.chosen, p.affinity, 0).sum(axis=1)
        return Weighted(weights, flow, float(gain), slack, units)

    def _costs(self, weights: Weights) -> tuple[Costs, float, float]:
        """Costs (n, m), how many of them make one affinity unit, and how far rounding and draws can lead astray."""
        p = self.problem
        pairs = int(p.need.sum()) + 1
        top = float(((1.0 + weights) * np.abs(p.affinity).max(axis=1)).max()) + 1.0
        unit_bits = _COST_BITS - int(np.ceil(np.log2(top)))
        draw_bits = min(24, max(0, unit_bits - int(np.ceil(np.log2(pairs))) - 3))
        unit_bits = min(unit_bits, draw_bits + int(np.ceil(np.log2(pairs))) + 3)
        units = float(1 << unit_bits)
        if weights.any():
            cost = -np.rint((1.0 + weights)[:, None] * (p.affinity * units)).astype(np.int64)
        else:
            cost = p.affinity * -(1 << unit_bits)
        return cost + (self._draws >> np.int64(24 - draw_bits)), units, pairs * (float(1 << draw_bits) + 0.5) / units
