"""Selection rates by group: how many of those who stood at one stage reached the next, and how groups compare.

The four-fifths ratio is a group's rate over the highest rate of any group that can be shown; under 0.8 it asks for a
closer look. It is a rule of thumb: whether the difference could be chance is what the interval says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from shared.impact.intervals import newcombe, wilson

if TYPE_CHECKING:
    from shared.impact.suppression import Protected, Sum

FOUR_FIFTHS = 0.8
UNKNOWN, OTHERS = "Not known", "Everybody else"


class Attribute(Protocol):
    """What groups are told apart by: a label, and values with theirs."""

    @property
    def id(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def values(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Reached:
    """One application: its attributes, and the number of the furthest stage that it reached."""

    attributes: Mapping[str, Any]
    stage: int


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group reached each stage; None where it is hidden. `known` is False for "not known"."""

    label: str
    known: bool
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One attribute, or one value of an attribute of which people have several. `totals` None: fewer than five."""

    label: str
    groups: tuple[Group, ...]
    totals: tuple[int | None, ...]

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return any(count is None for group in self.groups for count in group.counts)


@dataclass(frozen=True, slots=True)
class Rate:
    """One group at one stage: `count` of `n`. All None where a count is hidden, or nobody stood before the stage.

    interval: Wilson, 95%. ratio: of the highest rate. difference: from the highest, with Newcombe's interval.
    """

    label: str
    count: int | None
    n: int | None
    rate: float | None = None
    interval: tuple[float, float] | None = None
    ratio: float | None = None
    difference: tuple[float, float] | None = None

    @property
    def below(self) -> bool:
        """Whether the four-fifths rule asks for a closer look."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS

    @property
    def beyond_chance(self) -> bool:
        """Whether the whole interval lies below the highest rate."""
        return self.difference is not None and self.difference[1] < 0


@dataclass(frozen=True)
class _Split:
    """A pool split into groups: the group of each person, and each group's counts by stage (none that is empty)."""

    label: str
    of: tuple[str, ...]
    counts: Mapping[str, list[int]]


def tables(
    people: Sequence[Reached], attributes: Sequence[Attribute], stages: int, *, stops: bool = False
) -> tuple[Table, ...]:
    """A table for every attribute; one for every value where people may have several, since those groups overlap.

    stops: see `shared.impact.suppression.protect`.
    """
    # The solver takes 30 MB, which a process that only shows counts can do without.
    from shared.impact.suppression import Protected, protect

    splits = [split for attribute in attributes for split in _splits(people, attribute, stages) if split.counts]
    shown: dict[int, Protected] = {}
    for number in sorted(range(len(splits)), key=lambda n: (len(splits[n].counts), n)):
        coarser = {n: split for n, split in enumerate(splits) if n in shown and _refines(splits[number], split)}
        found = protect(
            list(splits[number].counts.values()),
            [known for n, split in coarser.items() for known in _sums(splits[number], split, shown[n])],
            stops=stops,
        )
        if found.exposed:  # nothing is left to hide here, so what the coarser ones show has to go
            for n in coarser:
                shown[n] = Protected(np.ones_like(shown[n].hidden), shown[n].totals_hidden)
        shown[number] = found
    return tuple(_table(split, shown[number]) for number, split in enumerate(splits))


def _splits(people: Sequence[Reached], attribute: Attribute, stages: int) -> list[_Split]:
    if not any(isinstance(person.attributes.get(attribute.id), list) for person in people):
        return [_split(attribute.label, [_group(person, attribute) for person in people], people, stages)]
    found = []
    for value, label in attribute.values:
        of = [_having(person, attribute, value, label) for person in people]
        found.append(_split(f"{attribute.label}: {label}", of, people, stages))
    return found


def _group(person: Reached, attribute: Attribute) -> str:
    value = person.attributes.get(attribute.id)
    return dict(attribute.values).get(str(value), UNKNOWN) if value is not None else UNKNOWN


def _having(person: Reached, attribute: Attribute, value: str, label: str) -> str:
    if person.attributes.get(attribute.id) is None:
        return UNKNOWN
    held = person.attributes[attribute.id]
    return label if value in (held if isinstance(held, list) else [held]) else OTHERS


def _split(label: str, of: Sequence[str], people: Sequence[Reached], stages: int) -> _Split:
    counts: dict[str, list[int]] = {}
    for name, person in zip(of, people, strict=True):
        row = counts.setdefault(name, [0] * stages)
        for stage in range(min(person.stage + 1, stages)):
            row[stage] += 1
    unknown = {name: counts.pop(name) for name in (UNKNOWN,) if name in counts}
    return _Split(label, tuple(of), counts | unknown)


def _refines(fine: _Split, coarse: _Split) -> bool:
    """Whether each group of `fine` lies within one group of `coarse`."""
    return len(set(zip(fine.of, coarse.of, strict=True))) == len(fine.counts)


def _sums(fine: _Split, coarse: _Split, shown: "Protected") -> "list[Sum]":
    """What the coarse table shows, as sums over the groups of the fine one."""
    within = dict(zip(fine.of, coarse.of, strict=True))
    names = list(fine.counts)
    from shared.impact.suppression import Sum

    return [
        Sum(tuple(n for n, name in enumerate(names) if within[name] == group), stage, counts[stage])
        for row, (group, counts) in enumerate(coarse.counts.items())
        for stage in range(len(counts))
        if not shown.hidden[row, stage]
    ]


def _table(split: _Split, shown: "Protected") -> Table:
    totals = [sum(counts) for counts in zip(*split.counts.values(), strict=True)]
    return Table(
        split.label,
        tuple(
            Group(name, name != UNKNOWN, _masked(counts, hidden.tolist()))
            for (name, counts), hidden in zip(split.counts.items(), shown.hidden, strict=True)
        ),
        _masked(totals, shown.totals_hidden.tolist()),
    )


def _masked(counts: Sequence[int], hidden: Sequence[bool]) -> tuple[int | None, ...]:
    return tuple(None if hide else count for count, hide in zip(counts, hidden, strict=True))


@dataclass(frozen=True, slots=True)
class Rates:
    """`stages` that anybody reached, in order, and a table for each attribute."""

    stages: tuple[str, ...]
    tables: tuple[Table, ...]

    def at(self, table: Table, stage: int, base: int | None = None) -> tuple[Rate, ...]:
        """The table's rates at a stage, of those at `base` (by default the stage before)."""
        return rates(table, stage, stage - 1 if base is None else base)

    def as_json(self) -> dict[str, Any]:
        """What is shown, and nothing of what is hidden."""
        return {
            "stages": list(self.stages),
            "tables": [
                {
                    "label": table.label,
                    "groups": [[group.label, group.known, list(group.counts)] for group in table.groups],
                    "totals": list(table.totals),
                }
                for table in self.tables
            ],
        }

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> "Rates":
        """The reverse of `as_json`."""
        return Rates(
            tuple(content["stages"]),
            tuple(
                Table(
                    table["label"],
                    tuple(Group(label, known, tuple(counts)) for label, known, counts in table["groups"]),
                    tuple(table["totals"]),
                )
                for table in content["tables"]
            ),
        )


def rates(table: Table, stage: int, base: int) -> tuple[Rate, ...]:
    """Each group's rate at `stage` of those at the stage `base`, compared with the group that has the highest."""
    plain = [(group, _rate(group, stage, base)) for group in table.groups]
    known = [rate for group, rate in plain if group.known and rate.rate is not None]
    best = max(known, key=lambda rate: rate.rate or 0.0, default=None)
    return tuple(_compared(rate, best) if group.known else rate for group, rate in plain)


def _rate(group: Group, stage: int, base: int) -> Rate:
    count, n = group.counts[stage], group.counts[base]
    if count is None or not n:
        return Rate(group.label, count, n)
    return Rate(group.label, count, n, count / n, wilson(count, n))


def _compared(rate: Rate, best: Rate | None) -> Rate:
    if best is None or not best.rate or not best.n or rate.count is None or not rate.n or rate.rate is None:
        return rate
    apart = newcombe(rate.count, rate.n, best.count or 0, best.n) if rate is not best else None
    return Rate(rate.label, rate.count, rate.n, rate.rate, rate.interval, rate.rate / best.rate, apart)
