"""What is published of a lottery: tickets in place of references, and a file from which anybody can replay the draw."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from services.cohorts.domain.lottery.bands import band
from services.cohorts.domain.lottery.draw import WHOLE, Distribution, Panel, commitment
from services.cohorts.domain.lottery.lottery import Lottery, hold_problem
from services.cohorts.domain.selection.choosing import choose
from services.cohorts.domain.selection.problem import Problem

HALVES = "|"
"""Between the secret and the public number that a seed may be made of."""


def ticket(salt: str, reference: str) -> str:
    """The ticket of a reference: without the salt, nobody can tell whose it is."""
    return "T-" + hmac.new(salt.encode(), reference.encode(), sha256).hexdigest()[:12].upper()


def seed_of(secret: str, source_value: str) -> str:
    """The seed of the draw: the promised secret, and the public number if one was named."""
    return f"{secret}{HALVES}{source_value.strip()}" if source_value.strip() else secret


def keeps_promise(seed: str, promised: str) -> bool:
    """Whether the secret half of a seed (or the whole of it) is what was promised."""
    return promised.strip().lower() in {commitment(seed), commitment(seed.partition(HALVES)[0])}


@dataclass(frozen=True, slots=True)
class Chances:
    """A lottery on references, not drawn yet. `sure_in` and `sure_out` are clear of the band, if there is one."""

    lottery: Lottery
    sure_in: tuple[str, ...] = ()
    sure_out: tuple[str, ...] = ()


def work_out(problem: Problem, aim: str, width: float | None, tie: str) -> Chances:
    """The fairest chances over the whole pool, or among those within `width` points of the other outcome.

    When the targets cannot be met the lottery's status is infeasible, and says what clashes.
    """
    if width is None:
        return Chances(hold_problem(problem, aim))
    choice = choose(problem, tie)
    if choice is None:
        return Chances(hold_problem(problem, aim))
    near = band(choice, Decimal(str(width)))
    must, may = problem.must.copy(), problem.may.copy()
    must[[problem.pool.index[person] for person in near.sure_in]] = True
    may[[problem.pool.index[person] for person in near.sure_out]] = False
    return Chances(hold_problem(problem.pinned(must, may), aim), near.sure_in, near.sure_out)


def with_tickets(lottery: Lottery, salt: str) -> Lottery:
    """The lottery with tickets in place of references: kinds and tickets in an order that gives nothing away."""
    names = {person: ticket(salt, person) for person in lottery.chances}
    published = lottery.distribution
    kinds = [tuple(sorted(names[person] for person in kind)) for kind in published.kinds]
    order = sorted(range(len(kinds)), key=lambda number: kinds[number])
    panels = [Panel(panel.weight, tuple(panel.counts[number] for number in order)) for panel in published.panels]
    return replace(
        lottery,
        distribution=Distribution(
            tuple(kinds[number] for number in order),
            tuple(sorted(names[person] for person in published.sure)),
            tuple(sorted(panels, key=lambda panel: (-panel.weight, panel.counts))),
        ),
        chances={
            names[person]: chance for person, chance in sorted(lottery.chances.items(), key=lambda i: names[i[0]])
        },
        impossible=tuple(sorted(names[person] for person in lottery.impossible)),
    )


def published_file(lottery: Lottery, promised: str, size: int, targets: Sequence[str]) -> str:
    """The anonymised file, in one fixed spelling so that its hash can be published with it."""
    content = {
        "lottery": lottery.aim,
        "places": size,
        "targets": list(targets),
        "commitment": promised,
        **figures(lottery),
        "probabilities": dict(lottery.chances),
        "impossible": list(lottery.impossible),
        "whole": WHOLE,
        "sure": list(lottery.distribution.sure),
        "kinds": [list(kind) for kind in lottery.distribution.kinds],
        "panels": [
            {"probability": panel.weight / WHOLE, "weight": panel.weight, "counts": list(panel.counts)}
            for panel in lottery.distribution.panels
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def figures(lottery: Lottery) -> dict[str, float]:
    """What sums the chances up."""
    return {
        "minimum_probability": lottery.minimum,
        "minimum_probability_bound": lottery.bound,
        "gini": lottery.gini,
        "geometric_mean": lottery.geometric_mean,
    }


def read_published(answer: Mapping[str, Any]) -> Distribution:
    """The distribution in such a file; raises ValueError, KeyError or TypeError for anything else."""
    panels = tuple(Panel(int(panel["weight"]), tuple(map(int, panel["counts"]))) for panel in answer["panels"])
    kinds = tuple(tuple(map(str, kind)) for kind in answer["kinds"])
    if sum(panel.weight for panel in panels) != WHOLE:
        raise ValueError(f"the weights do not sum to {WHOLE}")
    if any(len(panel.counts) != len(kinds) for panel in panels):
        raise ValueError("a panel does not have one count for each kind")
    if any(not 0 <= many <= len(kind) for panel in panels for many, kind in zip(panel.counts, kinds, strict=True)):
        raise ValueError("a panel takes more of a kind than there are")
    return Distribution(kinds, tuple(map(str, answer["sure"])), panels)
