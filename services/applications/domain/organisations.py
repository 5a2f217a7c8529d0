"""Names of organisations: how they are compared, and which of them may well be one organisation under two names."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.applications.domain.text import is_blank, tidy_line
from shared.errors import Invalid

LONGEST = 400
LIKELY = 87.0
"""From 0 to 100: names at least this much alike are suggested."""
_INITIALS = 88.0
_LEGAL_WORDS = frozenset({"ltd", "limited", "cic", "cio", "plc", "the", "charity"})
_SMALL_WORDS = frozenset({"and", "of", "for", "in", "on", "to", "a", "y", "yr"})
_COMMON = 0.2
"""A word that more than this share of all names begin a word with says nothing; of few names, every word counts."""
_FEW = 40


def parse_organisation(text: str) -> str:
    """Return a name as it is kept, on one line. Raises Invalid under `name`."""
    name = tidy_line(text)
    if is_blank(name) or not organisation_key(name):
        raise Invalid({"name": ["Write the organisation's name."]})
    if len(name) > LONGEST:
        raise Invalid({"name": [f"Use {LONGEST} letters at most."]})
    return name


def organisation_key(name: str) -> str:
    """Return a name as it is compared: "The Refugee & Migrant Centre Ltd" and "refugee and migrant centre" are one."""
    plain = unicodedata.normalize("NFKD", tidy_line(name).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    words = re.sub(r"[^\w\s]", " ", plain.replace("&", " and ").replace("'", "").replace("’", "")).split()
    return (" ".join(word for word in words if word not in _LEGAL_WORDS) or " ".join(words))[:LONGEST]


@dataclass(frozen=True, order=True)
class Likeness:
    """Two organisations, by what names them, and how alike their names are: from 0 to 100."""

    score: float
    one: str
    other: str


def likely_same(names: Mapping[str, str], threshold: float = LIKELY) -> list[Likeness]:
    """Return the pairs of `names` (id -> name) that may be one organisation, the likeliest first."""
    keys = {id: organisation_key(name) for id, name in names.items()}
    found = [
        Likeness(round(score, 1), one, other)
        for one, other in _pairs(keys)
        if (score := likeness(keys[one], keys[other])) >= threshold
    ]
    return sorted(found, key=lambda pair: (-pair.score, names[pair.one], names[pair.other]))


def nearest(name: str, names: Mapping[str, str], threshold: float = LIKELY) -> list[Likeness]:
    """Return those of `names` that may be the organisation called `name`, the likeliest first."""
    key = organisation_key(name)
    found = [
        Likeness(round(score, 1), "", id)
        for id, each in names.items()
        if (score := likeness(key, organisation_key(each))) >= threshold
    ]
    return sorted(found, key=lambda pair: (-pair.score, names[pair.other]))


def likeness(one: str, other: str) -> float:
    """Return how alike two compared names are, from 0 to 100. The order of words counts little, initials count."""
    if not one or not other:
        return 0.0
    if _initials(one) == other.replace(" ", "") or _initials(other) == one.replace(" ", ""):
        return _INITIALS
    from rapidfuzz import fuzz

    return float(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)))


def _initials(key: str) -> str:
    words = [word for word in key.split() if word not in _SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _pairs(keys: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """The pairs worth comparing: those that share how a telling word begins, or one's initials are the other."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for id, key in keys.items():
        for sign in _signs(key):
            blocks[sign].append(id)
    most = max(_FEW, _COMMON * len(keys))
    seen: set[tuple[str, str]] = set()
    for ids in blocks.values():
        if len(ids) <= most:
            seen.update(_every_two(sorted(ids)))
    return seen


def _signs(key: str) -> set[str]:
    words = [word for word in key.split() if word not in _SMALL_WORDS]
    return {word[:4] for word in words} | {f"={_initials(key)}"} | {f"={key.replace(' ', '')}"} - {"="}


def _every_two(ids: Sequence[str]) -> Iterable[tuple[str, str]]:
    return ((one, other) for place, one in enumerate(ids) for other in ids[place + 1 :])
