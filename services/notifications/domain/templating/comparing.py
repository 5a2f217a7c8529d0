"""Two texts of a template beside each other, line by line, with the words that differ."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from services.notifications.domain.templating.source import Source

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Words:
    """Some words of a line; `differs`: they are on one side only."""

    text: str
    differs: bool


Side = tuple[Words, ...] | None
"""A line as its words; None where the side has no such line."""


@dataclass(frozen=True)
class Row:
    """A line of either side. `where` is subject, preheader or body."""

    where: str
    before: Side
    after: Side

    @property
    def differs(self) -> bool:
        """Whether the sides are not the same here."""
        return self.before != self.after


def compare(before: Source | None, after: Source | None) -> list[Row]:
    """All lines of both, in order. None stands for no text at all."""
    return [
        row for where in ("subject", "preheader", "body") for row in _rows(where, _of(before, where), _of(after, where))
    ]


def _of(source: Source | None, where: str) -> list[str]:
    text = getattr(source, where) if source else ""
    return text.strip("\n").split("\n") if text.strip() else []


def _rows(where: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    for tag, i, j, k, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for old, new in zip_longest(before[i:j], after[k:end]):
            if tag == "equal" or (old is not None and new is not None):
                yield Row(where, *_words(old, new))
            else:
                yield Row(where, _whole(old), _whole(new))


def _whole(line: str | None) -> Side:
    return None if line is None else (Words(line, True),)


def _words(old: str, new: str) -> tuple[Side, Side]:
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    sides: tuple[list[Words], list[Words]] = ([], [])
    for tag, i, j, k, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for side, part in zip(sides, ("".join(left[i:j]), "".join(right[k:end])), strict=True):
            if part:
                side.append(Words(part, tag != "equal"))
    return tuple(sides[0]), tuple(sides[1])
