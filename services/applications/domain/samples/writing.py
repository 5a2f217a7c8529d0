"""Writes the long answers of sample applications: short and long, in four languages, no two alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from services.applications.domain.samples.stock import Deck, stock

Length = Literal["short", "medium", "long"]
_LENGTHS: dict[Length, float] = {"short": 0.22, "medium": 0.48, "long": 0.30}
_KEYS = ("learning", "sharing", "lived", "named", "with", "hard", "tried")
_JOINT = " "
_PARAGRAPH = "\n\n"


@dataclass(frozen=True)
class Essay:
    """The answers one person wrote; `names_itself` when their name or organisation stands in one of them."""

    motivation: str
    change: str
    learning: str
    sharing: str | None
    lived: str
    names_itself: bool


class Writer:
    """Writes essays in one language from its stock, going through all of it before it repeats a sentence."""

    def __init__(self, random: Random, language: str) -> None:
        self._random = random
        data = stock(f"answers.{language}")
        self._decks: dict[str, Deck[Any]] = {key: Deck(random, data[key]) for key in _KEYS}
        self._decks |= {key: Deck(random, cards) for key, cards in data["motivation"].items()}
        self._fill = {key: Deck[str](random, data[key]) for key in ("people", "place", "few", "emoji")}
        areas: Mapping[str, Any] = data.get("areas", {})
        self._why = {area: Deck[str](random, found["why"]) for area, found in areas.items()}
        self._stories = {area: Deck[Any](random, _tellings(found["stories"])) for area, found in areas.items()}
        self._any_story = Deck[Any](random, _tellings(data.get("stories", [])))

    def essay(self, areas: Sequence[str], place: str, names: Mapping[str, str] | None) -> Essay:
        """Return what somebody who works on `areas` writes; with `names` they name themselves in it, against advice."""
        length: Length = self._random.choices(list(_LENGTHS), list(_LENGTHS.values()))[0]
        motivation = self._motivation(areas, length)
        if names:
            motivation.insert(0, self._decks["named"].draw())
        learning = [*self._decks["learning"].draw(), self._decks["tried"].draw()]
        kept = {"short": self._random.choice((1, 2)), "medium": self._random.choice((2, 3)), "long": 3}[length]
        return Essay(
            motivation=self._joined(motivation, place, names, length),
            change=self._change(areas, place, length),
            learning=_JOINT.join(self._say(part, place, names) for part in learning[:kept]),
            sharing=self._sharing(length, place),
            lived=self._say(self._decks["lived"].draw(), place, names),
            names_itself=names is not None,
        )

    def _motivation(self, areas: Sequence[str], length: Length) -> list[str]:
        opening, hope = self._decks["open"].draw(), self._decks["hope"].draw()
        reasons = [self._why[area].draw() for area in areas[:2] if area in self._why]
        if length == "short":
            return [self._random.choice((opening, hope))] if self._random.random() < 0.3 else [*reasons[:1], hope]
        middle = reasons[: 1 if length == "medium" else 2]
        extra = [self._decks["hope"].draw(), self._decks["close"].draw()] if length == "long" else []
        return [opening, *middle, hope, *extra]

    def _change(self, areas: Sequence[str], place: str, length: Length) -> str:
        """Return a story, in most cases with who else was part of it and what was hard about it."""
        problem, act, end = self._story(areas)
        more = {"short": (), "medium": (self._random.choice(("with", "hard")),), "long": ("with", "hard")}[length]
        parts = [problem, act, *(self._decks["with"].draw() for key in more if key == "with"), end]
        parts += [self._decks["hard"].draw() for key in more if key == "hard"]
        said = [self._say(part, place, None) for part in parts]
        if length == "long":
            return _JOINT.join(said[:3]) + _PARAGRAPH + _JOINT.join(said[3:])
        return _JOINT.join(said)

    def _story(self, areas: Sequence[str]) -> Sequence[str]:
        area = next((one for one in areas if one in self._stories), None)
        found: Sequence[str] = self._stories[area].draw() if area else self._any_story.draw()
        return found

    def _sharing(self, length: Length, place: str) -> str | None:
        if length == "short" and self._random.random() < 0.5:
            return None
        cards = [self._decks["sharing"].draw() for _ in range(2 if length == "long" else 1)]
        return _JOINT.join(self._say(card, place, None) for card in cards)

    def _joined(self, sentences: list[str], place: str, names: Mapping[str, str] | None, length: Length) -> str:
        said = [self._say(sentence, place, names) for sentence in sentences]
        if self._random.random() < 0.06:
            said[-1] += " " + self._fill["emoji"].draw()
        if length == "long" and len(said) > 3:
            return _JOINT.join(said[:2]) + _PARAGRAPH + _JOINT.join(said[2:])
        return _JOINT.join(said)

    def _say(self, sentence: str, place: str, names: Mapping[str, str] | None) -> str:
        """Return the sentence with its places filled, and a capital at its beginning."""
        values = {key: deck.draw() for key, deck in self._fill.items() if f"{{{key}}}" in sentence}
        if "place" in values and self._random.random() < 0.3:
            values["place"] = place
        said = sentence.format_map({**values, **(names or {})})
        return said[:1].upper() + said[1:]


def _tellings(stories: Sequence[Mapping[str, Sequence[str]]]) -> list[tuple[str, str, str]]:
    """Return every way of telling each story: a problem, and an act and an end that belong together."""
    return [
        (problem, act, end)
        for story in stories
        for problem in story["problem"]
        for act, end in _pairs(story["act"], story["end"])
    ]


def _pairs(acts: Sequence[str], ends: Sequence[str]) -> list[tuple[str, str]]:
    """Return acts with their ends: side by side where there are as many of both, else each with each."""
    if len(acts) == len(ends):
        return list(zip(acts, ends, strict=True))
    return [(act, end) for act in acts for end in ends]
