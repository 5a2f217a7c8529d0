"""Hide small parts of one whole whose size is known, such as how many chose each answer of a survey.

`shared.impact.suppression` protects tables of stages, where a nought is a small count like any other. Here noughts are
shown where that is safe ("nobody said no" is what a survey is for), and so a reader knows of a hidden part beside a
shown one that it is at least one: the ranges are narrower, and more is hidden.

Whoever reads the results may have read this module too. Were the smallest of the others hidden with a small count, as
is usual, its size would lie between FEW and the smallest shown: of 5, 4 and 4, with the fours hidden, both would be
known. So the others are drawn by lot, and the lot is kept from the reader.
"""

import hashlib
from collections.abc import Sequence

from shared.impact import FEW
from shared.impact.suppression import WIDTH


def hide_parts(counts: Sequence[int], lot: str) -> list[bool]:
    """Which of these counts, whose sum is known, are kept back.

    Counts from 1 to FEW - 1 are; and others, drawn by `lot`, until each hidden count can have more than WIDTH values.
    Where only noughts are left, they are hidden too. The same lot draws the same.
    """
    if 0 < sum(counts) < FEW:
        return [True] * len(counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEW}
    others = sorted((place for place, count in enumerate(counts) if count >= FEW), key=lambda place: _drawn(lot, place))
    while hidden and others and not _wide(counts, hidden):
        hidden.add(others.pop())
    everything = bool(hidden) and not others
    return [everything or place in hidden for place in range(len(counts))]


def _wide(counts: Sequence[int], hidden: set[int]) -> bool:
    """A hidden count lies between 1 and what the others leave, each of which is at least 1."""
    return len(hidden) > 1 and sum(counts[place] for place in hidden) - len(hidden) + 1 > WIDTH


def _drawn(lot: str, place: int) -> bytes:
    return hashlib.sha256(f"{lot}\0{place}".encode()).digest()
