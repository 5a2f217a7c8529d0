"""The stock that sample applications are made of, and decks that hand it out without repeating before they must."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar, cast

import yaml

_HERE = Path(__file__).parent / "stock"
Card = TypeVar("Card")


@cache
def stock(name: str) -> dict[str, Any]:
    """Return the data of `stock/<name>.yaml`. Do not change it."""
    return cast(dict[str, Any], yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8")))


class Deck(Generic[Card]):
    """Cards drawn in a random order; the deck is shuffled again when it is used up."""

    def __init__(self, random: Random, cards: Sequence[Card]) -> None:
        self._random, self._cards = random, list(cards)
        self._left: list[Card] = []

    def draw(self) -> Card:
        """Return the next card."""
        if not self._left:
            self._left = self._random.sample(self._cards, len(self._cards))
        return self._left.pop()


def shares(random: Random, count: int, parts: dict[Card, float]) -> list[Card]:
    """Return `count` values in random order, each as often as its share says (the last takes what rounding leaves)."""
    values: list[Card] = []
    for value, share in parts.items():
        values += [value] * round(count * share)
    last = list(parts)[-1]
    values = (values + [last] * count)[:count]
    random.shuffle(values)
    return values
