"""The languages that messages are written in: direction, locale for dates, and which version to fall back to."""

from collections.abc import Collection
from dataclasses import dataclass

DEFAULT = "en"


@dataclass(frozen=True)
class Language:
    """`code` is a BCP 47 tag, `locale` the CLDR locale (Babel) that writes its dates."""

    code: str
    direction: str
    locale: str
    name: str


LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "ltr", "en_GB", "English"),
        Language("ar", "rtl", "ar", "العربية"),
        Language("fa-AF", "rtl", "fa_AF", "دری"),
        Language("cy", "ltr", "cy", "Cymraeg"),
    )
}


def language(code: str) -> Language:
    """The language of this code; a code unknown here is written the way English is."""
    return LANGUAGES.get(code, LANGUAGES[DEFAULT])


@dataclass(frozen=True)
class Choice:
    """The language picked for a person; `fell_back` says that it is not the one they asked for (to be logged)."""

    code: str
    fell_back: bool


def choose(wanted: str | None, available: Collection[str]) -> Choice:
    """The best of `available`: exactly the wanted one, else one of the same language, else English, else the first.

    `available` must not be empty. Nothing wanted means English and is no fallback.
    """
    if not wanted:
        return Choice(DEFAULT if DEFAULT in available else min(available), DEFAULT not in available)
    by_lower = {code.lower(): code for code in available}
    if wanted.lower() in by_lower:
        return Choice(by_lower[wanted.lower()], False)
    base = wanted.lower().split("-")[0]
    related = sorted(code for lower, code in by_lower.items() if lower.split("-")[0] == base)
    if related:
        return Choice(related[0], True)
    return Choice(DEFAULT if DEFAULT in available else min(available), True)
