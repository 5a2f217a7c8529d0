"""What goes into an assignment of reviewers and what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Pair(NamedTuple):
    """One review to be done: this application, by this reviewer."""

    application: str
    reviewer: str


Stage = Literal["kept", "loads", "floor", "total"]
STAGES: tuple[Stage, ...] = ("kept", "loads", "floor", "total")
"""What is worked out, in turn: which pairs stay (in a re-balance), even loads, the highest floor, the highest total."""
Progress = Callable[[Stage], None]


def quiet(_stage: Stage) -> None:
    """Progress that nobody listens to."""


ClashKind = Literal["too-few-reviewers", "too-little-capacity", "crowded"]


@dataclass(frozen=True)
class Clash:
    """Why no assignment exists: these applications need more than these limits leave.

    `needed` and `available` count reviews. `reviewers` are those whose capacity is used up in the clash.
    """

    kind: ClashKind
    applications: tuple[str, ...]
    reviewers: tuple[str, ...]
    needed: int
    available: int
    message: str


@dataclass(frozen=True)
class Assignment:
    """The pairs, kept and new, with what is known about them.

    `load` counts reviews per reviewer. `total_affinity` is summed over pairs, `minimum_affinity` is the floor: the
    smallest sum over one application's reviewers. No assignment has a floor above `floor_bound`, and none with
    this floor has a total above `total_bound`; `optimal` says that both bounds are met. `widened` says that
    loads could not be within one of each other; then they are as even as they can be, and `notes` says why.
    With `clashes` there is no assignment at all and `pairs` holds only what was there before.
    """

    pairs: tuple[Pair, ...]
    load: Mapping[str, int]
    total_affinity: float = 0.0
    minimum_affinity: float = 0.0
    optimal: bool = False
    widened: bool = False
    clashes: tuple[Clash, ...] = ()
    notes: tuple[str, ...] = ()
    floor_bound: float = 0.0
    total_bound: float = 0.0
    added: tuple[Pair, ...] = field(default=())

    @property
    def feasible(self) -> bool:
        return not self.clashes

    @property
    def lowest_load(self) -> int:
        return min(self.load.values(), default=0)

    @property
    def highest_load(self) -> int:
        return max(self.load.values(), default=0)
