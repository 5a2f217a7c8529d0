"""What is known of an applicant that would name them: their names, their organisation, their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .folding import words

Kind = Literal["name", "organisation", "email", "phone", "web"]

# Parts of names that are everybody's, and words without which an organisation is still the same one.
_PARTICLES = {
    "al", "el", "ul", "bin", "bint", "ibn", "abu", "umm", "abd", "van", "von", "der", "den", "de", "la", "le", "da",
    "do", "dos", "di", "mac", "ap", "ab", "ferch", "mr", "mrs", "ms", "miss", "dr", "prof", "the", "and", "of",
    "بن", "ابن", "بنت", "ال", "ابو", "ام",
}  # fmt: skip
_LIGHT = {"the", "and", "of", "for", "in", "ltd", "limited", "cic", "cio", "plc", "charity", "y", "yr", "i"}
_SHORTEST, _INITIALS = 3, 3


@dataclass(frozen=True)
class Known:
    """What to look for: single words of names; organisations as rows of telling words; initials; rows of digits."""

    names: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    """Parts of names too short, or too common, to tell by themselves: Ka in Ka-Man, al in al-Tamimi."""
    organisations: tuple[tuple[str, ...], ...] = ()
    initials: frozenset[str] = frozenset()
    addresses: tuple[tuple[str, ...], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to look for but addresses in general."""
        return not (self.names or self.organisations or self.initials or self.addresses)


def known(names: Iterable[str] = (), organisations: Iterable[str] = (), emails: Iterable[str] = ()) -> Known:
    """What naming an applicant would look like. Parts of names under three letters are left out in alphabets."""
    every = frozenset(word.text for name in names for word in words(name))
    parts = frozenset(word for word in every if _tells(word))
    rows = [tuple(w for w in _plain(one) if w not in _LIGHT) or tuple(_plain(one)) for one in organisations]
    firsts = {"".join(word[0] for word in row) for row in rows if len(row) >= _INITIALS}
    local = [tuple(_plain(one.partition("@")[0])) for one in emails]
    return Known(
        names=parts,
        short=every - parts,
        organisations=tuple(row for row in rows if row and not (len(row) == 1 and len(row[0]) < _SHORTEST)),
        initials=frozenset(firsts),
        addresses=tuple(row for row in local if len("".join(row)) > _SHORTEST and not set(row) <= parts),
    )


def light(word: str) -> bool:
    """Whether an organisation is still the same one without this word."""
    return word in _LIGHT


def _tells(word: str) -> bool:
    return word not in _PARTICLES and not word.isdigit() and (len(word) >= _SHORTEST or not word.isascii())


def _plain(text: str) -> list[str]:
    return [word.text for word in words(text.replace("_", " ")) if word.text]
