"""The pool: who may be chosen, with a whole-number gain and coded attributes for each person.

Scores are decimal numbers on paper and floats in most programs. Neither can be proven best: sums of floats
depend on their order. So a pool keeps each score as a whole number of units, where a unit is one, a tenth, a
hundredth ... a ten-thousandth of a point, whichever is the coarsest that writes every score exactly.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shared.errors import Invalid

FINEST = 4
"""Scores are kept to at most this many decimal places; anything finer is rounded, half to even."""

LARGEST = 2**30
"""No score may be this many units or more from nought: beyond it the solver's own arithmetic is not exact."""

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Score = Decimal | float | int | str


@dataclass(frozen=True)
class Column:
    """One attribute of everybody: `codes[i]` is the place in `values` of person i's value."""

    values: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Column":
        known: dict[str, int] = {}
        codes = np.fromiter((known.setdefault(text, len(known)) for text in texts), dtype=np.int32)
        return cls(tuple(known), codes)

    def is_any_of(self, wanted: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Whether each person has one of these values. A value that nobody has is simply never met."""
        among = set(wanted)
        found: npt.NDArray[np.bool_] = np.array([value in among for value in self.values])[self.codes]
        return found

    def text(self, person: int) -> str:
        return str(self.values[self.codes[person]])


@dataclass(frozen=True)
class Pool:
    """N people: `ids` (unique), `gains` (N whole numbers of 10**-places points) and their attribute columns."""

    ids: tuple[str, ...]
    gains: Ints
    places: int = 0
    columns: Mapping[str, Column] = field(default_factory=dict)

    @classmethod
    def build(cls, ids: Sequence[str], scores: Sequence[Score] | None, columns: Mapping[str, Sequence[str]]) -> "Pool":
        """Make a pool from plain sequences, all of one length. `scores` None means that nobody is preferred.

        Raises `Invalid` for an empty pool, an id used twice, columns of another length, a score out of range.
        """
        _check_shape(ids, scores, columns)
        places, gains = _whole_units(scores) if scores is not None else (0, np.zeros(len(ids), np.int64))
        return cls(tuple(ids), gains, places, {name: Column.of(texts) for name, texts in columns.items()})

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        return {person: place for place, person in enumerate(self.ids)}

    def in_order(self) -> "Pool":
        """The same people by id, with values numbered as they then come: alike however the rows were shuffled."""
        order = sorted(range(len(self.ids)), key=self.ids.__getitem__)
        columns = {
            name: Column.of(column.text(place) for place in order) for name, column in sorted(self.columns.items())
        }
        return Pool(tuple(self.ids[place] for place in order), self.gains[order], self.places, columns)

    def points(self, units: int) -> Decimal:
        """A number of units as points: 7325 units of a hundredth are 73.25 points."""
        return Decimal(int(units)).scaleb(-self.places)

    def units(self, points: Score) -> int:
        return int((Decimal(str(points)).scaleb(self.places)).to_integral_value(ROUND_HALF_EVEN))


def _check_shape(ids: Sequence[str], scores: Sequence[Score] | None, columns: Mapping[str, Sequence[str]]) -> None:
    problems: dict[str, list[str]] = {}
    if not len(ids):
        problems["pool"] = ["There is nobody in the pool."]
    twice = sorted(person for person, times in Counter(ids).items() if times > 1)
    if twice:
        problems["ids"] = [f"The id “{person}” is used more than once." for person in twice[:20]]
    if scores is not None and len(scores) != len(ids):
        problems["scores"] = [f"There are {len(ids)} people but {len(scores)} scores."]
    for name, texts in columns.items():
        if len(texts) != len(ids):
            problems[name] = [f"There are {len(ids)} people but {len(texts)} values of “{name}”."]
    if problems:
        raise Invalid(problems)


def _whole_units(scores: Sequence[Score]) -> tuple[int, Ints]:
    values = np.array([float(score) for score in scores])
    if not np.isfinite(values).all() or (np.abs(values) >= LARGEST).any():
        raise Invalid({"scores": [f"Every score must be a number below {LARGEST:,} in size."]})
    for places in range(FINEST + 1):
        scaled = values * 10**places
        gains = np.rint(scaled)
        if np.abs(scaled - gains).max() < 1e-6 or places == FINEST:
            break
    if np.abs(gains).max() >= LARGEST:
        raise Invalid({"scores": ["The scores are too large for so many decimal places: round them first."]})
    return places, gains.astype(np.int64)
