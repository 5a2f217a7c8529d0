"""Who must not read what: conflicts by organisation, by email domain and by application."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from shared.errors import Invalid

ORGANISATION, DOMAIN, APPLICATION, PERSON = "organisation", "domain", "application", "person"
KINDS = (ORGANISATION, DOMAIN, APPLICATION)
"""Kinds that somebody can enter; that a reviewer applied themselves is known without."""
_UNDER = "under"
DECLARED, STAFF, REGISTER, EMAIL = "declared", "staff", "register", "email"
"""Where a conflict comes from: the reviewer, staff, the register of organisations, the reviewer's own address."""
INVITED, READY, LEFT = "invited", "ready", "left"

# Post offices of everybody: sharing one says nothing about knowing each other.
_PUBLIC_DOMAINS = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "yahoo.com",
    "yahoo.co.uk", "icloud.com", "me.com", "proton.me", "protonmail.com", "aol.com", "btinternet.com", "gmx.com",
    "gmx.net", "gmx.co.uk", "gmx.de", "gmx.fr", "mail.com", "email.com", "ymail.com", "rocketmail.com", "yahoo.fr",
    "yahoo.de", "yahoo.it", "yahoo.es", "yahoo.in", "yahoo.ca", "yahoo.com.au", "live.co.uk", "live.fr", "msn.com",
    "hotmail.fr", "hotmail.it", "hotmail.es", "hotmail.de", "outlook.fr", "outlook.sa", "mac.com", "pm.me", "proton.ch",
    "aim.com", "aol.co.uk", "sky.com", "virginmedia.com", "ntlworld.com", "talktalk.net", "tiscali.co.uk",
    "blueyonder.co.uk", "btopenworld.com", "o2.co.uk", "plus.com", "zoho.com", "yandex.com", "yandex.ru", "mail.ru",
    "inbox.ru", "bk.ru", "ukr.net", "i.ua", "web.de", "t-online.de", "orange.fr", "free.fr", "laposte.net", "libero.it",
    "fastmail.com", "fastmail.fm", "hushmail.com", "tuta.io", "tutanota.com", "tutamail.com", "hey.com", "qq.com",
    "163.com", "126.com", "rediffmail.com", "naver.com", "hanmail.net", "duck.com", "inbox.lv", "seznam.cz", "wp.pl",
    "o2.pl", "onet.pl", "abv.bg", "freemail.hu", "maktoob.com",
}  # fmt: skip
_LEGAL_WORDS = {"ltd", "limited", "cic", "cio", "plc", "the", "charity"}


K = TypeVar("K", bound=Hashable)
Fact = tuple[str, str]
"""A kind and a compared value."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What conflicts are compared with: staff-side facts of one application."""

    application_id: UUID
    reference: str
    organisation_key: str
    email_domain: str
    person_id: UUID | None = None


def organisation_key(name: str) -> str:
    """A name as it is compared: "The Refugee & Migrant Centre Ltd" and "refugee and migrant centre" are one."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("&", " and ")
    words = re.sub(r"[^\w\s]", " ", plain.replace("'", "").replace("’", "")).split()
    return " ".join(word for word in words if word not in _LEGAL_WORDS) or " ".join(words)


def email_domain(address: str) -> str:
    """The part after the @ (or all of it), in lower case; "" for post offices that everybody uses."""
    domain = address.rpartition("@")[2].strip().casefold()
    return "" if domain in _PUBLIC_DOMAINS else domain


def conflict_value(kind: str, text: str) -> str:
    """The compared form of what somebody typed; raises Invalid for what cannot be one."""
    if kind not in KINDS:
        raise Invalid({"kind": ["Choose what kind of conflict this is."]})
    value = _COMPARED[kind](text)
    if kind == DOMAIN and value in _PUBLIC_DOMAINS:
        raise Invalid({"value": ["Too many people use that email provider. Name the organisation instead."]})
    if not value or (kind == DOMAIN and "." not in value):
        raise Invalid({"value": [_ASK[kind]]})
    return value


_COMPARED: dict[str, Callable[[str], str]] = {
    ORGANISATION: organisation_key,
    DOMAIN: lambda text: text.rpartition("@")[2].strip().casefold(),
    APPLICATION: lambda text: text.strip().upper(),
}
_ASK = {
    ORGANISATION: "Write the organisation's name.",
    DOMAIN: "Write an email domain, such as example.org.",
    APPLICATION: "Write the application's reference.",
}


def parent_domains(domain: str) -> list[str]:
    """The domain itself and all above it but the last word: a.b.example, b.example."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)] or [domain]


def found_conflicts(
    candidates: Iterable[Candidate], members: Mapping[K, Sequence[Fact]], names: Mapping[str, str] | None = None
) -> dict[tuple[UUID, K], Fact]:
    """Every (application, member) that must not meet, with the member's conflict that says so.

    `members` maps each to conflicts as (kind, compared value), the one that should be named first in front. `names`
    maps an organisation's other names to the one that the register keeps. A domain counts with all that is under it
    and above.
    """
    names = names or {}
    about: dict[Fact, list[UUID]] = {}
    for candidate in candidates:
        for fact in _facts(candidate, names):
            about.setdefault(fact, []).append(candidate.application_id)
    found: dict[tuple[UUID, K], Fact] = {}
    for member, conflicts in members.items():
        for kind, value in conflicts:
            for fact in _looked_for(kind, value, names):
                for application in about.get(fact, ()):
                    found.setdefault((application, member), (kind, value))
    return found


def _facts(candidate: Candidate, names: Mapping[str, str]) -> set[Fact]:
    key, domain = candidate.organisation_key, candidate.email_domain
    facts = {(APPLICATION, candidate.reference.upper())}
    if key:
        facts.add((ORGANISATION, names.get(key, key)))
    if domain:
        facts |= {(DOMAIN, domain), *((_UNDER, parent) for parent in parent_domains(domain))}
    if candidate.person_id is not None:
        facts.add((PERSON, str(candidate.person_id)))
    return facts


def _looked_for(kind: str, value: str, names: Mapping[str, str]) -> list[Fact]:
    if kind == ORGANISATION:
        return [(ORGANISATION, names.get(value, value))]
    if kind == DOMAIN:
        return [(_UNDER, value), *((DOMAIN, parent) for parent in parent_domains(value))]
    return [(kind, value)]


def clashes(conflicts: Iterable[Fact], candidate: Candidate, names: Mapping[str, str] | None = None) -> bool:
    """Whether any of a member's conflicts is about this application."""
    return bool(found_conflicts([candidate], {"": list(conflicts)}, names))
