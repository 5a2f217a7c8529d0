"""Staff's targets in the programme's words, and what they are to the selection engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from services.cohorts.domain.selection.relaxation import Step
from services.cohorts.domain.selection.targets import AtMost, Rule, Target, bounds_in_words, weights_by_order

ORGANISATION = "organisation"
EACH = "*"
"""In place of a value: the bound is on every value by itself, as in "at most 2 from each organisation"."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A target: at least `minimum` and at most `maximum` of the chosen have this value of an attribute.

    also: further (attribute, value) pairs that must hold too, which makes it a combination. percent: the bounds are
    shares of the places, 0 to 100; a least share is rounded up to people and a greatest share down. With the value
    EACH, at most `maximum` may share one value; `exceptions` are (value, maximum) where more may.
    """

    attribute: str
    value: str
    minimum: float = 0
    maximum: float | None = None
    also: Pairs = ()
    percent: bool = False
    exceptions: tuple[tuple[str, int], ...] = ()

    @property
    def pairs(self) -> Pairs:
        """Everything that somebody must have to count."""
        return ((self.attribute, self.value), *self.also)

    @property
    def each(self) -> bool:
        """Whether it bounds every value by itself."""
        return self.value == EACH

    def least(self, size: int) -> int:
        """The minimum in people, for so many places."""
        return ceil(Fraction(str(self.minimum)) * size / 100) if self.percent else int(self.minimum)

    def most(self, size: int) -> int | None:
        """The maximum in people, if there is one."""
        if self.maximum is None:
            return None
        return floor(Fraction(str(self.maximum)) * size / 100) if self.percent else int(self.maximum)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that targets may speak of: its label, and its values with theirs."""

    id: str
    label: str
    values: tuple[tuple[str, str], ...]

    def name_of(self, value: str) -> str:
        """A value's label."""
        return dict(self.values).get(value, value)


def read_attributes(rows: Sequence[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """A round's attributes from its stored copy; the organisation has a rule of its own."""
    return tuple(
        Attribute(row["id"], row["label"], tuple((choice["value"], choice["label"]) for choice in row["values"]))
        for row in rows
        if row["id"] != ORGANISATION
    )


def holds(attributes: Mapping[str, Any], attribute: str, value: str) -> bool:
    """Whether somebody has this value of an attribute."""
    held = attributes.get(attribute)
    return value in held if isinstance(held, list) else held == value


def counts_for(wish: Wish, attributes: Mapping[str, Any]) -> bool:
    """Whether somebody counts towards a target on values."""
    return all(holds(attributes, attribute, value) for attribute, value in wish.pairs)


def in_words(wish: Wish, attributes: Sequence[Attribute], size: int) -> str:
    """“at least 8 with Region: The North (20% of 40)”."""
    names = Names(attributes)
    least, most = wish.least(size), wish.most(size)
    given = [f"{bound:g}%" for bound in (wish.minimum or None, wish.maximum) if wish.percent and bound is not None]
    share = f" ({' to '.join(given)} of {size})" if given else ""
    if wish.each:
        apart = "".join(f", {many} for “{value}”" for value, many in wish.exceptions)
        return f"at most {most} with the same {names.label(wish.attribute).lower()}{share}{apart}"
    who = " and ".join(f"{names.label(attribute)}: {names.value(attribute, value)}" for attribute, value in wish.pairs)
    return f"{bounds_in_words(least, most)} with {who}{share}"


class Names:
    """What attributes and values are called, told apart where two labels are the same."""

    def __init__(self, attributes: Sequence[Attribute]) -> None:
        self.by_id = {attribute.id: attribute for attribute in attributes}
        self._labels = [attribute.label for attribute in attributes]

    def label(self, attribute: str) -> str:
        """The attribute's label."""
        known = self.by_id.get(attribute)
        if known is None:
            return attribute
        return known.label if self._labels.count(known.label) == 1 else known.id

    def value(self, attribute: str, value: str) -> str:
        """The value's label."""
        known = self.by_id.get(attribute)
        return known.name_of(value) if known else value


class Columns:
    """The columns that some wishes need of a pool, and the wishes as rules over them."""

    def __init__(self, people: Sequence[Mapping[str, Any]], organisations: Sequence[str], names: Names) -> None:
        self._people, self._organisations, self._names = people, organisations, names
        self.columns: dict[str, list[str]] = {}

    def rules(self, wishes: Sequence[Wish], size: int) -> list[Rule]:
        """One rule for each wish, in their order of importance."""
        weights = weights_by_order(len(wishes))
        return [self._rule(wish, weight, size) for wish, weight in zip(wishes, weights, strict=True)]

    def _rule(self, wish: Wish, weight: int, size: int) -> Rule:
        if wish.each:
            return AtMost(self._each(wish.attribute), wish.most(size) or 0, weight, wish.exceptions)
        where = dict(self._pair(attribute, value) for attribute, value in wish.pairs)
        return Target.of(where, wish.least(size), wish.most(size), weight)

    def _each(self, attribute: str) -> str:
        name = self._names.label(attribute).lower()
        if attribute == ORGANISATION:
            self.columns[name] = list(self._organisations)
        else:
            self.columns[name] = self._texts(attribute)
        return name

    def _pair(self, attribute: str, value: str) -> tuple[str, str]:
        column, text = f"{self._names.label(attribute)}:", self._names.value(attribute, value)
        if self.several(attribute):
            # Somebody may have several values, so each value is a yes or no of its own.
            column = f"{column} {text},"
            having = [holds(person, attribute, value) for person in self._people]
            self.columns[column] = ["yes" if one else "no" for one in having]
            return column, "yes"
        self.columns.setdefault(column, self._texts(attribute))
        return column, text

    def _texts(self, attribute: str) -> list[str]:
        return [self._names.value(attribute, str(person.get(attribute) or "")) for person in self._people]

    def several(self, attribute: str) -> bool:
        """Whether somebody may have more than one value of it."""
        return any(isinstance(person.get(attribute), list) for person in self._people)


def problem_with(wish: Wish, attributes: Sequence[Attribute], size: int) -> str | None:
    """What is wrong with a wish, in words; None if nothing is."""
    known = {attribute.id: {value for value, _ in attribute.values} for attribute in attributes}
    return _place_problem(wish, known) or _bounds_problem(wish, size)


def _place_problem(wish: Wish, known: Mapping[str, set[str]]) -> str | None:
    if wish.each:
        if wish.also:
            return "A target on every value by itself cannot be a combination."
        if wish.attribute != ORGANISATION and wish.attribute not in known:
            return "Choose an attribute of this round."
        return "Say how many may share one value: give a most, and no least." if _unbounded(wish) else None
    if any(attribute not in known for attribute, _ in wish.pairs):
        return "Choose an attribute of this round."
    if any(value not in known[attribute] for attribute, value in wish.pairs):
        return "Choose one of this attribute’s values."
    named = [attribute for attribute, _ in wish.pairs]
    if len(set(wish.pairs)) < len(named):
        return "A combination needs two different groups."
    return None


def _unbounded(wish: Wish) -> bool:
    return wish.maximum is None or bool(wish.minimum)


def _bounds_problem(wish: Wish, size: int) -> str | None:
    bounds = [bound for bound in (wish.minimum, wish.maximum) if bound is not None]
    if not wish.minimum and wish.maximum is None:
        return "Give a least or a most number of people."
    if min(bounds) < 0:
        return "A number of people cannot be below nought."
    if wish.percent and max(bounds) > 100:
        return "A share is from 0 to 100 per cent."
    if not wish.percent and any(bound != int(bound) for bound in bounds):
        return "Write whole numbers of people, in figures."
    if wish.maximum is not None and wish.minimum > wish.maximum:
        return "The least number is more than the most."
    most = wish.most(size)
    if most is not None and wish.least(size) > most:
        return f"No whole number of {size} people lies between these two shares."
    return f"Only {size} people are to be chosen." if wish.least(size) > size else None


def relaxed(wishes: Sequence[Wish], steps: Sequence[Step], size: int) -> tuple[Wish, ...]:
    """The wishes once these steps are taken; one that then asks for nothing is left out."""
    changed = list(wishes)
    for step in steps:
        changed[step.rule] = _stepped(changed[step.rule], step, size)
    return tuple(wish for wish in changed if wish.minimum or wish.maximum is not None)


def _stepped(wish: Wish, step: Step, size: int) -> Wish:
    if wish.each:
        apart = {**dict(wish.exceptions), str(step.value): step.now}
        return replace(wish, exceptions=tuple(sorted(apart.items())))
    counted = replace(wish, minimum=wish.least(size), maximum=wish.most(size), percent=False)
    return replace(counted, minimum=step.now) if step.side == "minimum" else replace(counted, maximum=step.now)
