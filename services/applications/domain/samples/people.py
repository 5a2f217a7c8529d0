"""Invented people, named in many traditions, some in their own script, some in ways that break careless programs."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any

from services.applications.domain.samples.stock import Deck, stock

_TRADITIONS_OF_LANGUAGE = {"ar": ("arabic", "sudanese"), "fa-AF": ("dari",), "cy": ("welsh",)}
_DOMAINS = ("example.org", "example.com", "example.net", "post.example", "mail.example")
_UNDECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ı": "i", "ø": "o", "ß": "ss"})
_OWN_SCRIPT = 0.7
_ODD = 14  # one in so many


@dataclass(frozen=True)
class Person:
    """A person: the full name as they write it, the name they are called by, an email address, and a gender."""

    name: str
    given: str
    email: str
    gender: str


class People:
    """Makes people one after the other, each with an email address of their own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        data = stock("people")
        self._traditions: dict[str, dict[str, Any]] = data["traditions"]
        self._any = Deck(random, [name for name in self._traditions if name not in ("arabic", "dari", "welsh")])
        self._odd = Deck[list[str]](random, data["odd"])
        self._taken: set[str] = set()
        self._made = 0

    def person(self, language: str) -> Person:
        """Return a new person who would like to be written to in `language`."""
        gender = self._random.choices(("woman", "man"), (64, 36))[0]
        self._made += 1
        if language == "en" and self._made % _ODD == 1:
            romanised, name = self._odd.draw()
            return Person(name, name.split()[0], self._email(romanised), gender)
        traditions = _TRADITIONS_OF_LANGUAGE.get(language)
        tradition = self._random.choice(traditions) if traditions else self._any.draw()
        return self._named(self._traditions[tradition], gender, own_script=language in ("ar", "fa-AF"))

    def _named(self, tradition: dict[str, Any], gender: str, *, own_script: bool) -> Person:
        given = self._random.choice(list(tradition["f" if gender == "woman" else "m"]))
        family = self._random.choice(list(tradition["family"]))
        email = self._email(f"{given}.{family}")
        if tradition.get("native") and own_script and self._random.random() < _OWN_SCRIPT:
            given = tradition["f" if gender == "woman" else "m"][given]
            family = tradition["family"][family]
        parts = (family, given) if tradition.get("family_first") else (given, family)
        return Person(" ".join(parts), given, email, gender)

    def _email(self, romanised: str) -> str:
        plain = (
            unicodedata.normalize("NFKD", romanised.lower().translate(_UNDECOMPOSED)).encode("ascii", "ignore").decode()
        )
        local = re.sub(r"[^a-z0-9.]+", "", plain.replace(" ", "")).strip(".") or "hello"
        address = f"{local}@{self._random.choice(_DOMAINS)}"
        number = 1
        while address in self._taken:
            number += 1
            address = f"{local}{number}@{address.split('@')[1]}"
        self._taken.add(address)
        return address
