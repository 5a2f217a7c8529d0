"""Invented organisations of all sizes and places, from a kitchen table to a council."""

from dataclasses import dataclass
from random import Random
from typing import Any

from services.applications.domain.samples.stock import Deck, shares, stock

_SIZES = {"small": 0.42, "medium": 0.38, "large": 0.20}
_LONDON = 0.16
_INCOMES = {"small": (0, 2_000, 6_500, 14_000, 28_000, 47_500, 83_000, 99_999),
            "medium": (100_000, 135_000, 180_000, 260_000, 410_000, 640_000, 935_000),
            "large": (1_000_000, 1_800_000, 4_200_000, 12_500_000, 310_000_000)}  # fmt: skip


@dataclass(frozen=True)
class Organisation:
    """An organisation: its name, where it works, and what it received last year in pounds."""

    name: str
    postcode: str
    place: str
    income: int


class Organisations:
    """Makes about as many organisations as there are applicants; some applicants share one."""

    def __init__(self, random: Random, count: int) -> None:
        self._random = random
        self._data: dict[str, Any] = stock("organisations")
        names = {f"{first} {second}" for first in self._data["first"] for second in self._data["second"]}
        self._names = Deck(random, sorted(names))
        self._communities = Deck(
            random, [(one, kind) for one in self._data["community"] for kind in self._data["kinds"]]
        )
        self._large = Deck[str](random, self._data["large"])
        self._native = {language: Deck[str](random, names) for language, names in self._data["native"].items()}
        regions = [region for region in self._data["places"] if region != "london"]
        self._elsewhere = Deck[str](random, regions)
        self._sizes = shares(random, count, _SIZES)
        self._london = shares(random, count, {True: _LONDON, False: 1 - _LONDON})
        self._made: list[Organisation] = []

    def organisation(self, language: str) -> Organisation:
        """Return the next applicant's organisation: a new one, or now and then one that somebody else named."""
        if len(self._made) > 10 and language == "en" and self._random.random() < 0.07:
            return self._again(self._random.choice(self._made))
        size, london = self._sizes.pop(), self._london.pop()
        region = "wales" if language == "cy" else "london" if london else self._elsewhere.draw()
        place, district = self._random.choice(self._data["places"][region])
        income = self._random.choice(_INCOMES[size])
        made = Organisation(self._name(size, place, language), self._postcode(district), place, income)
        self._made.append(made)
        return made

    def _again(self, known: Organisation) -> Organisation:
        """Return a known organisation, at times with its name written in another way, as colleagues do."""
        if " & " in known.name or " and " in known.name:
            other = known.name.replace(" & ", " and ") if " & " in known.name else known.name.replace(" and ", " & ")
            return Organisation(other, known.postcode, known.place, known.income)
        return known

    def _name(self, size: str, place: str, language: str) -> str:
        if size == "large" and self._random.random() < 0.6:
            return self._large.draw()
        if language in self._native and self._random.random() < 0.3:
            return self._native[language].draw()
        if self._random.random() < 0.3:
            community, kind = self._communities.draw()
            return f"{community} {kind} in {place}" if self._random.random() < 0.6 else f"{place} {community} {kind}"
        ending = self._random.choice(("", "", "", " CIC", f" {place}", f" ({place})"))
        return self._names.draw() + ending

    def _postcode(self, district: str) -> str:
        if self._random.random() < 0.6:
            return district
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        return f"{district} {self._random.randint(1, 9)}{self._random.choice(letters)}{self._random.choice(letters)}"
