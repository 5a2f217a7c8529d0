"""Text as people write it: cleaned without loss of names, counted in words, said in a chosen language."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_KEPT_CONTROLS = "\n\t"
# Overrides reverse whatever follows them on the page; isolates, marks and joiners are part of real names and stay.
_OVERRIDES = "\u202d\u202e"
_SPACES = re.compile(r"\s+")
# Scripts written without spaces: every sign counts as a word, as examiners of translations count them.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
DEFAULT_LANGUAGE = "en"


def tidy(text: str) -> str:
    """Return `text` as composed Unicode (NFC) without control characters, lone surrogates or direction overrides.

    Line ends become a single newline. Joiners, marks, emoji and every script are kept as written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").isprintable():  # what is printable throughout has nothing to take out
        text = "".join(sign for sign in text if _kept(sign))
    return unicodedata.normalize("NFC", text).strip()


def tidy_line(text: str) -> str:
    """Return `text` tidied and on one line: each run of white space becomes one space."""
    return _SPACES.sub(" ", tidy(text)).strip()


def _kept(sign: str) -> bool:
    if sign in _KEPT_CONTROLS:
        return True
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _OVERRIDES and sign not in "\ufffe\uffff"


def is_blank(text: str) -> bool:
    """Return whether nothing in `text` can be seen: only white space and invisible formatting signs."""
    return all(sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc", "Mn") for sign in text)


def count_words(text: str) -> int:
    """Return the number of words: runs between spaces that hold a letter or a digit of any script."""
    return sum(1 for word in _WORD.findall(text) if any(sign.isalnum() for sign in word))


def plain_digits(text: str) -> str:
    """Return `text` with the decimal digits of every script (such as ٤٢ or ۴۲) written as 0 to 9."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


@dataclass(frozen=True)
class Text:
    """Words in one or more languages, keyed by language tag (`en`, `cy`, `fa-AF`)."""

    by_language: Mapping[str, str]

    def say(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Return the words in `language`, or the nearest there is: its base language, English, the first given."""
        for tag in (language, language.split("-")[0], DEFAULT_LANGUAGE):
            if tag in self.by_language:
                return self.by_language[tag]
        return next(iter(self.by_language.values()), "")

    def language_of(self, language: str) -> str:
        """Return the tag of the words that `say(language)` gives, for the page's `lang` attribute."""
        for tag in (language, language.split("-")[0], DEFAULT_LANGUAGE):
            if tag in self.by_language:
                return tag
        return next(iter(self.by_language), DEFAULT_LANGUAGE)

    def dump(self) -> str | dict[str, str]:
        """Return a plain string when there is English alone, else a dict of language to words."""
        if set(self.by_language) <= {DEFAULT_LANGUAGE}:
            return self.by_language.get(DEFAULT_LANGUAGE, "")
        return dict(self.by_language)

    def __str__(self) -> str:
        return self.say()

    def __bool__(self) -> bool:
        return bool(self.by_language)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_language.items())))


NO_TEXT = Text({})
