"""Write average counts as a lottery over whole panels, by walking from corner to corner of the polytope.

Any point of a polytope is a mixture of its corners: pick a corner on the point's own face, move away from it until a
new bound is met, and go on from there; each step meets one more bound, so there are never more steps than bounds
(Carathéodory's theorem, in the constructive form of Grötschel, Lovász and Schrijver, 1988). If every corner met on the
way is whole, the mixture is a lottery with exactly the averages asked for. If not, what was found still starts the
column generation well.
"""

from collections.abc import Iterator

import numpy as np

from services.cohorts.domain.lottery.panels import TINY, Box, Counts, Panels
from shared.highs import Floats


def corners(panels: Panels, average: Floats) -> Iterator[Counts]:
    """Whole panels around `average` (M,), each within one person of it in every kind."""
    point = _snapped(average)
    held = panels.kinds.held.astype(float)
    box = Box(np.floor(point), np.ceil(point), panels.all.low, panels.all.high)
    wobble = np.random.default_rng(1)
    for _ in range(2 * sum(held.shape)):
        worth = point - np.floor(point) + 0.1 * wobble.random(len(point))
        corner = panels.near(worth, _face(box, point, held))
        if corner is None:
            return
        yield corner
        step = _furthest(box, point, corner, held)
        if step >= 1 - TINY:
            return
        point = _snapped((point - step * corner) / (1 - step))


def _snapped(point: Floats) -> Floats:
    whole = np.rint(point)
    return np.where(np.abs(point - whole) < 1e-8, whole, point)


def _face(box: Box, point: Floats, held: Floats) -> Box:
    """The bounds that hold with equality at `point` are kept so."""
    row = point @ held
    low = np.where(row > box.high - TINY, box.high, box.low)
    high = np.where(row < box.low + TINY, box.low, box.high)
    lower = np.where(point > box.upper - TINY, box.upper, box.lower)
    upper = np.where(point < box.lower + TINY, box.lower, box.upper)
    return Box(lower, upper, low, high)


def _furthest(box: Box, point: Floats, corner: Counts, held: Floats) -> float:
    """The largest t for which (point - t corner) / (1 - t) is still within all bounds."""
    here = np.concatenate([point, point @ held])
    there = np.concatenate([corner, corner @ held]).astype(float)
    lower = np.concatenate([box.lower, box.low])
    upper = np.concatenate([box.upper, box.high])
    with np.errstate(divide="ignore", invalid="ignore"):
        above = np.where(there > lower + TINY, (here - lower) / (there - lower), 1.0)
        below = np.where(there < upper - TINY, (upper - here) / (upper - there), 1.0)
    return float(np.clip(np.minimum(above, below).min(initial=1.0), 0.0, 1.0))
