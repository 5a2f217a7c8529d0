"""Text as names are compared in it: without case, accents, and the several ways to write one Arabic letter.

The letters that Unicode's compatibility decomposition leaves apart are mapped by hand: alef wasla, the Farsi yeh and
keheh, teh marbuta and heh, and a few Latin ones with a stroke.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_SAME = str.maketrans(
    {
        "\u0640": "", "ٱ": "ا", "ى": "ي",
        "ی": "ي", "ې": "ي", "ک": "ك", "گ": "ك", "ة": "ه", "ۀ": "ه", "ە": "ه", "ٹ": "ت",
        "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "þ": "th", "æ": "ae", "Æ": "ae",
        "œ": "oe", "Œ": "oe", "ı": "i",
    }
)  # fmt: skip
_QUOTES = "'’‘ʼ`´"
# Letters with the marks that may stand on them, joiners that may stand between them, and quotes as in O’Brien.
_TOKEN = re.compile(rf"[\w\u0300-\u036f\u064b-\u065f\u0670\u200b-\u200f\u00ad{_QUOTES}]+|&")


class Word(NamedTuple):
    """A folded word, and the characters of the original that it was made of."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The folded words of a text with where each stands in it."""
    found = []
    for token in _TOKEN.finditer(text):
        shown = token[0].lstrip(_QUOTES)
        start = token.end() - len(shown)
        shown = shown.rstrip(_QUOTES)
        if len(shown) > 2 and shown[-2] in _QUOTES and shown[-1] in "sS":
            shown = shown[:-2]
        if folded := fold(shown):
            found.append(Word(folded, start, start + len(shown)))
    return found


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One word as it is compared."""
    if word == "&":
        return "and"
    if word.isascii():
        return "".join(c for c in word if c.isalnum() or c == "_").lower()
    parts = unicodedata.normalize("NFKD", word.translate(_SAME)).translate(_SAME)
    return "".join(c for c in parts.casefold() if c.isalnum() or c == "_")
