"""Finding the places: the applicant's own names and organisation, and addresses or numbers of anybody."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .folding import Word, words
from .known import Kind, Known, light

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(
    r"\bhttps?://\S+|\bwww\.\S+|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|co|uk|eu|info|wales|cymru|scot)\b(?:/\S*)?"
)
_DOT = re.compile(r"\w\.\w|//")
_PHONE = re.compile(r"(?<![\w/])\+?\d[\d\s().-]{7,}\d(?!\w)")
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
_FEWEST_DIGITS = 9
# What Arabic and Dari join to the front of a word: and, so, with, for, as, the.
_JOINED = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")


@dataclass(frozen=True, order=True)
class Place:
    """Characters `start` to `end` of an answer. `sure` is False for what may be an everyday word, such as "hope"."""

    start: int
    end: int
    kind: Kind
    sure: bool = True


def find_places(text: str, known: Known) -> tuple[Place, ...]:
    """Every place that may name the applicant, in order and apart from each other."""
    if not text.strip():
        return ()
    return _apart([*_addresses(text), *_named(text, known)])


def _named(text: str, known: Known) -> Iterator[Place]:
    if known.nothing:
        return
    found = words(text)
    for row in known.organisations:
        yield from _rows(found, row, "organisation")
    for row in known.addresses:
        yield from _rows(found, row, "email")
    yield from _beside(text, found, known)
    for word in found:
        if any(one in known.names for one in _forms(word.text)):
            # In a script with capitals, a name in small letters may be a word like any other.
            yield Place(word.start, word.end, "name", sure=not text[word.start : word.end].islower())
        elif word.text in known.initials and text[word.start : word.end].isupper():
            yield Place(word.start, word.end, "organisation")


def _beside(text: str, found: Sequence[Word], known: Known) -> Iterator[Place]:
    """Short parts of a name that stand right beside a part that tells."""
    for one, two in pairwise(found):
        if two.start - one.end > 1 or text[one.end : two.start].strip(" -‐‑"):
            continue
        if one.text in known.short and two.text in known.names:
            yield Place(one.start, one.end, "name")
        elif one.text in known.names and two.text in known.short:
            yield Place(two.start, two.end, "name")


def _rows(found: Sequence[Word], row: tuple[str, ...], kind: Kind) -> Iterator[Place]:
    """Where the words of `row` stand one after another, light words between them not counted."""
    telling = [word for word in found if not light(word.text) or word.text in row]
    for first in range(len(telling) - len(row) + 1):
        here = telling[first : first + len(row)]
        if all(want in _forms(word.text) for word, want in zip(here, row, strict=True)):
            yield Place(here[0].start, here[-1].end, kind)


def _forms(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word,)
    bare = (word[len(front) :] for front in _JOINED if word.startswith(front))
    return (word, *(one for one in bare if len(one) > 1))


def _addresses(text: str) -> Iterator[Place]:
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield Place(*found.span(), "email")
    for pattern in (_WEB, _HANDLE) if _DOT.search(text) else (_HANDLE,):
        for found in pattern.finditer(text):
            yield Place(found.start(), found.start() + len(found[0].rstrip(".,;:)")), "web")
    for found in _PHONE.finditer(text):
        if sum(c.isdigit() for c in found[0]) >= _FEWEST_DIGITS:
            yield Place(*found.span(), "phone")


def _apart(places: Iterable[Place]) -> tuple[Place, ...]:
    """The longest of those that overlap, the surer of those that are equal; names side by side become one."""
    kept: list[Place] = []
    for place in sorted(set(places), key=lambda p: (-(p.end - p.start), not p.sure, p.start)):
        if all(place.end <= other.start or place.start >= other.end for other in kept):
            kept.append(place)
    return tuple(sorted(kept))
