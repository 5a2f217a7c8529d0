"""Targets: what the chosen group must look like, and how to say so in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Target:
    """At least `minimum` and at most `maximum` of the chosen people must match `where`.

    `where` names columns and, for each, the values that count; a person matches if every column does, so two
    columns make a combination. `weight` is what missing the target by one person costs when not all can be met.
    """

    where: Where
    minimum: int = 0
    maximum: int | None = None
    weight: int = 1

    @classmethod
    def of(
        cls,
        where: Mapping[str, str | Sequence[str]],
        minimum: int = 0,
        maximum: int | None = None,
        weight: int = 1,
    ) -> "Target":
        pairs = ((column, (v,) if isinstance(v, str) else tuple(v)) for column, v in where.items())
        return cls(tuple(pairs), minimum, maximum, weight)

    @classmethod
    def of_shares(
        cls,
        where: Mapping[str, str | Sequence[str]],
        size: int,
        at_least: Fraction | None = None,
        at_most: Fraction | None = None,
        weight: int = 1,
    ) -> "Target":
        """A target given as shares of `size` places: a least share is rounded up, a greatest share down."""
        minimum = ceil(at_least * size) if at_least is not None else 0
        maximum = floor(at_most * size) if at_most is not None else None
        return cls.of(where, minimum, maximum, weight)

    @property
    def who(self) -> str:
        """The people it speaks of: “region North” or “gender Woman and region North or Wales”."""
        return " and ".join(f"{column} {' or '.join(values)}" for column, values in self.where)

    @property
    def label(self) -> str:
        return f"{bounds_in_words(self.minimum, self.maximum)} with {self.who}"


@dataclass(frozen=True)
class AtMost:
    """At most `maximum` people sharing one value of `column`, such as an organisation. Blank values are free.

    exceptions: (value, maximum) of values that have a maximum of their own.
    """

    column: str
    maximum: int = 1
    weight: int = 1
    exceptions: tuple[tuple[str, int], ...] = ()

    @property
    def label(self) -> str:
        apart = "".join(f", {many} for “{value}”" for value, many in self.exceptions)
        return f"at most {self.maximum} with the same {self.column}{apart}"


Rule = Target | AtMost


def bounds_in_words(minimum: int, maximum: int | None) -> str:
    if maximum is None:
        return f"at least {minimum}"
    if minimum == 0:
        return f"at most {maximum}"
    return f"exactly {minimum}" if minimum == maximum else f"between {minimum} and {maximum}"


def weights_by_order(how_many: int) -> tuple[int, ...]:
    """Weights for so many rules listed most important first: n, n-1, ... 1.

    They rise gently, so that missing one important target by one is still preferred to missing several small
    ones by many.
    """
    return tuple(range(how_many, 0, -1))
