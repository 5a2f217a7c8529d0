"""The public draw: one number picks the panel, and lots pick the people within each kind.

Everything follows from the seed and the published distribution, with SHA-256 and whole numbers only:

1. The panels stand in their published order, each with a whole weight; the weights sum to WHOLE.
2. SHA-256 of "seed:panel", as a number below 2**256, times WHOLE, divided by 2**256, rounded down, is the ball.
   Count the weights off in order: the panel in whose stretch the ball falls is drawn.
3. Within each kind the people stand by SHA-256 of "seed:id", lowest first, and as many as the panel says are chosen.

A seed that nobody could steer is made by fixing it before the pool closes: publish `commitment(seed)` first, and the
seed itself at the draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

WHOLE = 10**12


@dataclass(frozen=True)
class Panel:
    """`weight` of WHOLE, and how many people of each kind (in the order of `Distribution.kinds`)."""

    weight: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Distribution:
    """What is published: the ids of each kind, those who are sure of a place, and the panels in order."""

    kinds: tuple[tuple[str, ...], ...]
    sure: tuple[str, ...]
    panels: tuple[Panel, ...]

    def chances(self) -> dict[str, float]:
        """Everybody's chance: exact whole-number shares of WHOLE, and only then a float."""
        shares = dict.fromkeys(self.sure, 1.0)
        for number, kind in enumerate(self.kinds):
            expected = sum(panel.weight * panel.counts[number] for panel in self.panels)
            shares.update({person: expected / (WHOLE * len(kind)) for person in kind})
        return shares


def commitment(seed: str) -> str:
    """What to publish before the pool closes: it fixes the seed and does not give it away (if the seed is long)."""
    return sha256(seed.encode()).hexdigest()


def keeps_commitment(seed: str, published: str) -> bool:
    return commitment(seed) == published.strip().lower()


def draw(distribution: Distribution, seed: str) -> tuple[str, ...]:
    """The chosen ids, in alphabetical order."""
    panel = drawn_panel(distribution.panels, seed)
    chosen = list(distribution.sure)
    for kind, many in zip(distribution.kinds, panel.counts, strict=True):
        chosen += sorted(kind, key=lambda person: (_number(f"{seed}:{person}"), person))[:many]
    return tuple(sorted(chosen))


def drawn_panel(panels: Sequence[Panel], seed: str) -> Panel:
    ball = _number(f"{seed}:panel") * WHOLE >> 256
    for panel in panels:
        if ball < panel.weight:
            return panel
        ball -= panel.weight
    raise ValueError("the weights do not sum to the whole")


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest(), "big")


def whole_weights(weights: Sequence[float]) -> list[int]:
    """Round weights that sum to 1 to whole numbers that sum to WHOLE, by largest remainder."""
    scaled = [weight * WHOLE for weight in weights]
    whole = [int(weight) for weight in scaled]
    order = sorted(range(len(whole)), key=lambda place: whole[place] - scaled[place])
    for place in range(WHOLE - sum(whole)):
        whole[order[place % len(whole)]] += 1
    return whole
