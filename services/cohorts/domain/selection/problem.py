"""A choice to be made, as arrays: who may come, what each row of the programme counts, and its bounds.

Rows are numbered 0 for the size (exactly K), then one per target, then one per value of each "at most n" column
that more than n people share. The first kind are many people wide and few, so they are kept as patterns shared by
everybody of one profile; the last kind are narrow and many, so each person holds the numbers of their own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from services.cohorts.domain.selection.pool import Codes, Ints, Pool
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from shared.errors import Invalid

Bools = npt.NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True)
class Problem:
    """Choose people to the highest total gain.

    profile: (N,) number of each person's row of `patterns`, (P, 1 + T) booleans: which of the wide rows count them.
    low, high: (1 + T,) bounds of the wide rows. caps: (N, C) numbers of the narrow rows or -1; cap: (G,) bounds.
    must, may: (N,) who is pinned in, and who is not pinned out.
    """

    pool: Pool
    rules: tuple[Rule, ...]
    size: int
    profile: Codes
    patterns: Bools
    low: Ints
    high: Ints
    caps: Codes
    cap: Ints
    cap_rule: Codes
    must: Bools
    may: Bools

    @cached_property
    def gains(self) -> Ints:
        """Each person's gain, from the middle of the pool: everyone shifts alike, and K people are chosen."""
        return self.pool.gains - self.middle

    @cached_property
    def middle(self) -> int:
        among = self.pool.gains[self.may]
        return int((among.min() + among.max()) // 2)

    def total(self, chosen: npt.NDArray[np.intp]) -> int:
        return int(self.pool.gains[chosen].sum())

    def cap_text(self, row: int) -> str:
        """The value that a narrow row is about, such as the name of an organisation."""
        person = int(np.flatnonzero((self.caps == row).any(axis=1))[0])
        rule = self.rules[self.cap_rule[row]]
        return self.pool.columns[rule.column].text(person) if isinstance(rule, AtMost) else ""

    def without(self, dropped: Collection[int]) -> "Problem":
        """The same choice without some of its rules (by number)."""
        kept = [rule for number, rule in enumerate(self.rules) if number not in dropped]
        return compiled(self.pool, kept, self.size, self.must, self.may)

    def pinned(self, must: Bools, may: Bools) -> "Problem":
        return replace(self, must=must, may=may)


def state(
    pool: Pool,
    rules: Sequence[Rule],
    size: int,
    pinned_in: Iterable[str] = (),
    pinned_out: Iterable[str] = (),
) -> Problem:
    """Check what was asked for and turn it into a `Problem`. Raises `Invalid`, saying all that is wrong at once."""
    inside, outside = set(pinned_in), set(pinned_out)
    problems = {**_rule_problems(pool, rules), **_pin_problems(pool, inside, outside)}
    if not problems:
        problems = _size_problems(pool, size, len(inside), len(outside))
    if problems:
        raise Invalid(problems)
    must, may = np.zeros(len(pool), bool), np.ones(len(pool), bool)
    must[[pool.index[person] for person in inside]] = True
    may[[pool.index[person] for person in outside]] = False
    return compiled(pool, rules, size, must, may)


def _rule_problems(pool: Pool, rules: Sequence[Rule]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for rule in rules:
        columns = [rule.column] if isinstance(rule, AtMost) else [column for column, _ in rule.where]
        wrong = [f"The pool has no column “{name}”." for name in columns if name not in pool.columns]
        if isinstance(rule, Target) and rule.maximum is not None and rule.minimum > rule.maximum:
            wrong.append(f"The minimum, {rule.minimum}, is more than the maximum, {rule.maximum}.")
        if min(rule.maximum or 0, getattr(rule, "minimum", 0)) < 0:
            wrong.append("A minimum or maximum cannot be below nought.")
        if rule.weight < 1:
            wrong.append("A weight must be 1 or more.")
        if wrong:
            problems.setdefault(rule.label, []).extend(wrong)
    return problems


def _pin_problems(pool: Pool, inside: set[str], outside: set[str]) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    for name, pinned in (("pinned_in", inside), ("pinned_out", outside)):
        unknown = sorted(person for person in pinned if person not in pool.index)
        if unknown:
            problems[name] = [f"Nobody in the pool has the id “{person}”." for person in unknown[:20]]
    both = sorted(inside & outside)
    if both:
        problems.setdefault("pinned_in", []).append(f"Pinned both in and out: {', '.join(both[:20])}.")
    return problems


def _size_problems(pool: Pool, size: int, inside: int, outside: int) -> dict[str, list[str]]:
    if size < 1:
        return {"size": ["Choose at least one person."]}
    if size > len(pool) - outside:
        return {"size": [f"{size} people cannot be chosen from {len(pool) - outside}."]}
    if inside > size:
        return {"pinned_in": [f"{inside} people are pinned in, but there are only {size} places."]}
    return {}


def compiled(pool: Pool, rules: Sequence[Rule], size: int, must: Bools, may: Bools) -> Problem:
    targets = [rule for rule in rules if isinstance(rule, Target)]
    wide = np.ones((len(pool), 1 + len(targets)), dtype=bool)
    for row, target in enumerate(targets, start=1):
        for column, values in target.where:
            wide[:, row] &= pool.columns[column].is_any_of(values)
    profile, patterns = _profiles(wide)
    high = [size if target.maximum is None else min(target.maximum, size) for target in targets]
    caps, cap, cap_rule = _narrow_rows(pool, rules, may)
    return Problem(
        pool,
        tuple(rules),
        size,
        profile,
        patterns,
        np.array([size, *(target.minimum for target in targets)], dtype=np.int64),
        np.array([size, *high], dtype=np.int64),
        caps,
        cap,
        cap_rule,
        must,
        may,
    )


def _profiles(wide: Bools) -> tuple[Codes, Bools]:
    """Number the distinct rows of an (N, R) table, 32 columns at a time, so that any number of rows will do."""
    number = np.zeros(len(wide), dtype=np.int64)
    first = np.zeros(1, dtype=np.intp)
    for start in range(0, wide.shape[1], 32):
        part = wide[:, start : start + 32]
        key = number << 32 | part @ (1 << np.arange(part.shape[1], dtype=np.int64))
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return number.astype(np.int32), wide[first]


def _narrow_rows(pool: Pool, rules: Sequence[Rule], may: Bools) -> tuple[Codes, Ints, Codes]:
    """One row per value that more people share than may be chosen; everybody else is free of the rule."""
    columns: list[Codes] = []
    cap: list[int] = []
    cap_rule: list[int] = []
    for number, rule in enumerate(rules):
        if not isinstance(rule, AtMost):
            continue
        column = pool.columns[rule.column]
        times = np.bincount(column.codes[may], minlength=len(column.values))
        blank = np.array([not value.strip() for value in column.values])
        apart = dict(rule.exceptions)
        most = np.array([apart.get(value, rule.maximum) for value in column.values], dtype=np.int64)
        crowded = np.flatnonzero((times > most) & ~blank)
        row_of = np.full(len(column.values), NOBODY, dtype=np.int32)
        row_of[crowded] = len(cap) + np.arange(len(crowded), dtype=np.int32)
        columns.append(row_of[column.codes])
        cap += most[crowded].tolist()
        cap_rule += [number] * len(crowded)
    caps = np.column_stack(columns) if columns else np.empty((len(pool), 0), dtype=np.int32)
    return caps.astype(np.int32), np.array(cap, dtype=np.int64), np.array(cap_rule, dtype=np.int32)
