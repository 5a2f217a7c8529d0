"""Hide small parts of one whole whose size is known, such as how many chose each answer of a survey.

`shared.impact.suppression` protects tables of stages, where a nought is a small count like any other. Here noughts are
shown where that is safe ("nobody said no" is what a survey is for), and so a reader knows of every hidden part that it
is at least one: the ranges are narrower, and more is hidden.
"""

from collections.abc import Sequence

from shared.impact import FEW
from shared.impact.suppression import WIDTH


def hide_parts(counts: Sequence[int]) -> list[bool]:
    """Which of these counts, whose sum is known, are kept back.

    Counts from 1 to FEW - 1 are; and the smallest others, until each hidden count can have more than WIDTH values.
    Where that cannot be had, everything is hidden, the noughts too.
    """
    if 0 < sum(counts) < FEW:
        return [True] * len(counts)
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEW}
    while hidden and not _wide(counts, hidden):
        shown = [place for place, count in enumerate(counts) if count and place not in hidden]
        if not shown:
            return [True] * len(counts)
        hidden.add(min(shown, key=lambda place: counts[place]))
    return [place in hidden for place in range(len(counts))]


def _wide(counts: Sequence[int], hidden: set[int]) -> bool:
    """A hidden count lies between 1 and what the others leave, each of which is at least 1."""
    return len(hidden) > 1 and sum(counts[place] for place in hidden) - len(hidden) + 1 > WIDTH
