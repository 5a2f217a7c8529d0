"""The question in arrays: applications x reviewers, in the order of their ids, whatever order they came in."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.errors import Invalid

Affinities = Mapping[tuple[str, str], float] | NDArray[np.float64]
_DECIMALS = 6
_LARGEST = 1 << 20


@dataclass(frozen=True)
class Problem:
    """n applications, m reviewers.

    `affinity` (n, m) counts units of `1 / scale`. `allowed` (n, m): pairs that may be made (no conflict, not made
    yet). `held` (n, m): pairs that are there and stay. `need` (n): reviews still to be given out. `capacity` (m):
    the most a reviewer may hold, held pairs included.
    """

    applications: tuple[str, ...]
    reviewers: tuple[str, ...]
    affinity: NDArray[np.int64]
    scale: int
    allowed: NDArray[np.bool_]
    held: NDArray[np.bool_]
    need: NDArray[np.int64]
    capacity: NDArray[np.int64]

    @property
    def held_load(self) -> NDArray[np.int64]:
        load: NDArray[np.int64] = self.held.sum(axis=0, dtype=np.int64)
        return load

    @property
    def held_affinity(self) -> NDArray[np.int64]:
        summed: NDArray[np.int64] = np.where(self.held, self.affinity, 0).sum(axis=1)
        return summed


def build(
    applications: Iterable[str],
    reviewers: Iterable[str],
    *,
    per_application: int | Mapping[str, int],
    conflicts: Iterable[tuple[str, str]] = (),
    affinities: Affinities | None = None,
    capacity: int | Mapping[str, int] | None = None,
    existing: Iterable[tuple[str, str]] = (),
) -> Problem:
    """Arrays from ids. Conflicts and affinities of unknown ids are left aside. Raises `Invalid`."""
    given_a, given_r = tuple(applications), tuple(reviewers)
    _refuse_bad_ids(given_a, given_r)
    a_ids, r_ids = tuple(sorted(given_a)), tuple(sorted(given_r))
    a_at, r_at = {a: i for i, a in enumerate(a_ids)}, {r: j for j, r in enumerate(r_ids)}
    barred = _marks(a_at, r_at, conflicts)
    held = _held(a_at, r_at, existing, barred)
    affinity, scale = _units(_affinity(given_a, given_r, a_at, r_at, affinities))
    need = np.maximum(_needs(a_ids, per_application) - held.sum(axis=1), 0)
    return Problem(
        a_ids, r_ids, affinity, scale, ~barred & ~held & (need > 0)[:, None], held, need,
        np.maximum(_capacities(r_ids, len(a_ids), capacity), held.sum(axis=0)),
    )  # fmt: skip


def _refuse_bad_ids(applications: Sequence[str], reviewers: Sequence[str]) -> None:
    problems: dict[str, list[str]] = {}
    for name, ids in (("applications", applications), ("reviewers", reviewers)):
        said = [f"{x} is there more than once" for x, times in sorted(Counter(ids).items()) if times > 1]
        if not ids:
            said.append(f"There are no {name}")
        if any(not x for x in ids):
            said.append("An id is empty")
        if said:
            problems[name] = said
    if problems:
        raise Invalid(problems)


def _marks(a_at: Mapping[str, int], r_at: Mapping[str, int], pairs: Iterable[tuple[str, str]]) -> NDArray[np.bool_]:
    marks = np.zeros((len(a_at), len(r_at)), dtype=np.bool_)
    for a, r in pairs:
        if a in a_at and r in r_at:
            marks[a_at[a], r_at[r]] = True
    return marks


def _held(
    a_at: Mapping[str, int],
    r_at: Mapping[str, int],
    existing: Iterable[tuple[str, str]],
    barred: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    wrong: list[str] = []
    known = []
    for a, r in existing:
        if r not in r_at:
            wrong.append(f"{r} reviews {a} but is not among the reviewers: re-balance instead")
        elif a in a_at and barred[a_at[a], r_at[r]]:
            wrong.append(f"{r} reviews {a} and has a conflict with it: re-balance instead")
        else:
            known.append((a, r))
    if wrong:
        raise Invalid({"existing": wrong})
    return _marks(a_at, r_at, known)


def _needs(a_ids: Sequence[str], per_application: int | Mapping[str, int]) -> NDArray[np.int64]:
    try:
        wanted = (
            [per_application] * len(a_ids) if isinstance(per_application, int) else [per_application[a] for a in a_ids]
        )
    except KeyError as missing:
        raise Invalid({"per_application": [f"No number of reviews for {missing.args[0]}"]}) from None
    if min(wanted) < 0 or max(wanted) == 0:
        raise Invalid({"per_application": ["Each application needs a whole number of reviews, one or more"]})
    return np.array(wanted, dtype=np.int64)


def _capacities(r_ids: Sequence[str], most: int, capacity: int | Mapping[str, int] | None) -> NDArray[np.int64]:
    """No reviewer reads an application twice, so `most`, the number of applications, is a limit in any case."""
    if capacity is None:
        return np.full(len(r_ids), most, dtype=np.int64)
    limits = [capacity if isinstance(capacity, int) else capacity.get(r, most) for r in r_ids]
    if min(limits) < 0:
        raise Invalid({"capacity": ["A capacity is a whole number, none or more"]})
    return np.minimum(np.array(limits, dtype=np.int64), most)


def _affinity(
    given_a: Sequence[str],
    given_r: Sequence[str],
    a_at: Mapping[str, int],
    r_at: Mapping[str, int],
    affinities: Affinities | None,
) -> NDArray[np.float64]:
    values = np.zeros((len(given_a), len(given_r)))
    if isinstance(affinities, np.ndarray):
        if affinities.shape != values.shape:
            raise Invalid({"affinities": [f"The table is {affinities.shape}, not {values.shape}"]})
        values = np.asarray(affinities, dtype=float)[np.ix_(_order(given_a), _order(given_r))]
    elif affinities:
        for (a, r), value in affinities.items():
            if a in a_at and r in r_at:
                values[a_at[a], r_at[r]] = value
    if not np.isfinite(values).all():
        raise Invalid({"affinities": ["An affinity is not a number"]})
    return values


def _order(ids: Sequence[str]) -> list[int]:
    return sorted(range(len(ids)), key=ids.__getitem__)


def _units(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], int]:
    """Whole units, so that sums are exact: six decimals, fewer only where the values are very large."""
    top = float(np.abs(values).max(initial=0.0))
    decimals = _DECIMALS
    while decimals > 0 and top * 10**decimals > _LARGEST:
        decimals -= 1
    if top > _LARGEST:
        raise Invalid({"affinities": [f"An affinity is larger than {_LARGEST}"]})
    units = np.rint(values * 10**decimals).astype(np.int64)
    common = math.gcd(int(np.gcd.reduce(units.ravel())), 10**decimals) or 10**decimals
    return units // common, 10**decimals // common
