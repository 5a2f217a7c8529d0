"""Points for many applications at once, and the breakdown of each that adds up to its score."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from services.applications.domain.conditions import Fact
from services.applications.domain.priority.columns import Array, Column, Columns, columns_of
from services.applications.domain.priority.model import Rule, RuleKind, Rules, Tie
from services.applications.domain.priority.vectors import FEW, coded, truth_of
from services.applications.domain.text import Text

Points = NDArray[np.int32]


@dataclass(frozen=True)
class Line:
    """One line of a breakdown: a rule with its points, or a cap with what it takes away (negative)."""

    id: str
    label: Text
    points: int
    kind: Literal["rule", "cap"]
    most: int | None = None

    def dump(self) -> dict[str, object]:
        """Return it as JSON-ready values."""
        label = self.label.dump()
        return {"id": self.id, "label": label, "points": self.points, "kind": self.kind, "most": self.most}


@dataclass(frozen=True)
class Breakdown:
    """How one score comes about: every rule, and every cap that took something away. The lines add up to it."""

    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True)
class Scores:
    """Scores of n applications: `points` int32 (n, rules), `caps` int32 (n, caps) all <= 0, `totals` int32 (n,)."""

    rules: Rules
    points: Points
    caps: Points
    totals: Points

    def breakdown(self, row: int) -> Breakdown:
        """Return the breakdown of the application in `row`."""
        return _breakdown(self.rules, self.points[row].tolist(), self.caps[row].tolist(), int(self.totals[row]), {})

    def joined(self, others: Sequence["Scores"]) -> "Scores":
        """Return these scores followed by those of others by the same rules."""
        every = [self, *others]
        points, caps = np.vstack([one.points for one in every]), np.vstack([one.caps for one in every])
        return Scores(self.rules, points, caps, np.concatenate([one.totals for one in every]))

    def breakdowns(self) -> Iterator[Breakdown]:
        """Yield the breakdowns of all applications in order. Equal lines are shared, which is much quicker."""
        lines: dict[tuple[str, int], Line] = {}
        for points, caps, total in zip(self.points.tolist(), self.caps.tolist(), self.totals.tolist(), strict=True):
            yield _breakdown(self.rules, points, caps, total, lines)


def _breakdown(
    rules: Rules, points: list[int], caps: list[int], total: int, known: dict[tuple[str, int], Line]
) -> Breakdown:
    """Return a breakdown, taking its lines from `known`, to which new ones are added."""
    lines: list[Line] = []
    for rule, worth in zip(rules.rules, points, strict=True):
        line = known.get((rule.id, worth))
        if line is None:
            line = known[rule.id, worth] = Line(rule.id, rule.label, worth, "rule", rule.most)
        lines.append(line)
    lines += [Line(cap.id, cap.label, cut, "cap") for cap, cut in zip(rules.caps, caps, strict=True) if cut]
    return Breakdown(tuple(lines), total)


def breakdown_of(rules: Rules, points: Mapping[str, int]) -> Breakdown:
    """Return the breakdown kept as id -> points, with the labels of the rules that gave them. Others are left out."""
    worth = [int(points.get(rule.id, 0)) for rule in rules.rules]
    cuts = [int(points.get(cap.id, 0)) for cap in rules.caps]
    return _breakdown(rules, worth, cuts, sum(worth) + sum(cuts), {})


def score(rules: Rules, facts: Sequence[Mapping[str, object]]) -> Scores:
    """Return the scores of applications given as facts (see `forms.facts_of` and `submitted_facts`)."""
    return score_columns(rules, columns_of(rules, facts))


def score_columns(rules: Rules, columns: Columns) -> Scores:
    """Return the scores of applications given as columns: the arithmetic alone."""
    points = np.empty((columns.size, len(rules.rules)), dtype=np.int32, order="F")
    for place, rule in enumerate(rules.rules):
        points[:, place] = _points(rule, columns)
    caps, totals = _capped(rules, points)
    return Scores(rules, points, caps, totals)


def _points(rule: Rule, columns: Columns) -> Array:
    if rule.when is not None:
        return truth_of(rule.when, columns) * np.int32(rule.points)
    column = columns.by_name[cast(str, rule.question)]
    if rule.kind is RuleKind.BANDS:
        return _band_points(rule, column)
    if rule.kind is RuleKind.CHOICE:
        return _choice_points(rule, column)
    return _list_points(rule, column)


def _band_points(rule: Rule, column: Column) -> Array:
    """Begin with the points above every upper end, and add at each end the step down to the band below it.

    NaN (unanswered) is below no end, so only the beginning has to be kept from it.
    """
    above = rule.bands[-1].points if rule.bands[-1].below is None else 0
    found = column.answered * np.int32(above) if above else np.zeros(len(column.data), dtype=np.int32)
    worth = [band.points for band in rule.bands] + [0]
    for place, band in enumerate(rule.bands):
        if band.below is not None and worth[place] != worth[place + 1]:
            found += (column.data < band.below) * np.int32(worth[place] - worth[place + 1])
    return found


def _choice_points(rule: Rule, column: Column) -> Array:
    if column.fact is Fact.MANY:
        worth = dict(rule.by_choice)
        return column.data @ np.array([worth.get(value, 0) for value in column.values], dtype=np.int32)
    codes = {column.values.index(value) + 1: points for value, points in rule.by_choice if points}
    if len(codes) <= FEW:
        found = np.zeros(len(column.data), dtype=np.int32)
        for code, points in codes.items():
            found += (column.data == code) * np.int32(points)
        return found
    table = np.zeros(len(column.values) + 2, dtype=np.int32)
    table[list(codes)] = list(codes.values())
    return cast(Array, table[column.data])


def _list_points(rule: Rule, column: Column) -> Array:
    listed = [column.values.index(value) for value in rule.any_of or rule.none_of]
    if column.fact is Fact.MANY:
        found = column.data[:, listed].any(axis=1)
    else:
        found = coded(column, [place + 1 for place in listed])
    held = found if rule.any_of else column.answered & ~found
    return cast(Array, held * np.int32(rule.points))


def _capped(rules: Rules, points: Points) -> tuple[Points, Points]:
    """Return what each cap takes away, and the totals. Caps on groups share no rule; the one on all comes last."""
    totals = points.sum(axis=1, dtype=np.int32)
    caps = np.zeros((len(points), len(rules.caps)), dtype=np.int32, order="F")
    places = {rule.id: place for place, rule in enumerate(rules.rules)}
    for place, cap in enumerate(rules.caps):
        limited = points[:, [places[name] for name in cap.rules]].sum(axis=1, dtype=np.int32) if cap.rules else totals
        caps[:, place] = np.minimum(cap.at_most - limited, 0)
        totals = totals + caps[:, place]
    return caps, totals


def ranks(scores: Scores, ids: Sequence[str]) -> NDArray[np.int64]:
    """Return each application's rank, int64 (n,), 1 for the highest score, by the published tie rule.

    Shared ranks leave a gap after them (1, 1, 3). A lottery orders by SHA-256 of "seed:id", lowest first, so that
    anyone with the seed and the ids can repeat it.
    """
    tie = scores.rules.tie
    places = {rule.id: place for place, rule in enumerate(scores.rules.rules)}
    keys: list[Array] = [scores.totals, *(scores.points[:, places[name]] for name in tie.by)]
    keys = [-key.astype(np.int64) for key in keys]
    if tie.then is Tie.LOTTERY:
        keys.append(_draw(tie.seed, ids))
    order = np.lexsort(keys[::-1])
    differs = np.zeros(len(ids), dtype=np.bool_)
    for key in keys:
        differs[1:] |= key[order][1:] != key[order][:-1]
    if len(ids):
        differs[0] = True
    placed = np.maximum.accumulate(np.where(differs, np.arange(1, len(ids) + 1), 0))
    found = np.empty(len(ids), dtype=np.int64)
    found[order] = placed
    return found


def _draw(seed: str, ids: Sequence[str]) -> Array:
    """Return a place in the draw for each id: no two equal unless the ids are."""
    tickets = [hashlib.sha256(f"{seed}:{one}".encode()).hexdigest() for one in ids]
    return np.unique(np.array(tickets, dtype=np.str_), return_inverse=True)[1]
