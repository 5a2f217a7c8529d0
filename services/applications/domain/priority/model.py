"""Priority rules as values: what gives points, what limits them, and how equal scores are ranked."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from services.applications.domain.conditions import Condition, Variable
from services.applications.domain.text import Text


class RuleKind(StrEnum):
    """What a rule looks at."""

    CHOICE = "choice"  # points by the choice made (the sum, where many may be)
    BANDS = "bands"  # points by the band a number falls in
    LIST = "list"  # points when the answer is, or is not, in a list
    CONDITION = "condition"  # points when a condition over several answers holds


class Tie(StrEnum):
    """What becomes of scores that `by` leaves equal."""

    SHARED = "shared"  # the same rank for all of them
    LOTTERY = "lottery"  # an order drawn from a published seed, which anyone can repeat


@dataclass(frozen=True)
class Band:
    """Points for a number below `below`, and not in an earlier band; None: for every higher number."""

    below: float | None
    points: int


@dataclass(frozen=True)
class Rule:
    """One rule. Only the parts that its kind uses are filled."""

    id: str
    kind: RuleKind
    label: Text
    question: str | None = None
    points: int = 0
    by_choice: tuple[tuple[str, int], ...] = ()
    bands: tuple[Band, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    when: Condition | None = None

    @property
    def most(self) -> int:
        """The most points it can give to somebody who makes one choice."""
        if self.kind is RuleKind.CHOICE:
            return max((points for _, points in self.by_choice), default=0)
        if self.kind is RuleKind.BANDS:
            return max((band.points for band in self.bands), default=0)
        return self.points

    @property
    def names(self) -> frozenset[str]:
        """The names of the answers it looks at."""
        if self.when is not None:
            return self.when.names
        return frozenset({self.question}) if self.question else frozenset()


@dataclass(frozen=True)
class Cap:
    """A limit on the sum of some rules' points; on the whole score when it names none."""

    id: str
    label: Text
    rules: tuple[str, ...]
    at_most: int


@dataclass(frozen=True)
class TieRule:
    """Equal scores are ordered by the points of the rules in `by`, one after the other, and then as `then` says."""

    by: tuple[str, ...] = ()
    then: Tie = Tie.SHARED
    seed: str = ""


@dataclass(frozen=True)
class Rules:
    """All the rules of a round. `scope` holds what is known of the answers they look at."""

    title: Text
    rules: tuple[Rule, ...]
    caps: tuple[Cap, ...]
    tie: TieRule
    scope: dict[str, Variable]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all the answers that the rules look at."""
        return frozenset().union(*(rule.names for rule in self.rules))
