"""Who must not read what: conflicts by organisation, by email domain and by application."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Invalid

ORGANISATION, DOMAIN, APPLICATION = "organisation", "domain", "application"
KINDS = (ORGANISATION, DOMAIN, APPLICATION)
INVITED, READY, LEFT = "invited", "ready", "left"

# Post offices of everybody: sharing one says nothing about knowing each other.
_PUBLIC_DOMAINS = {
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "yahoo.com",
    "yahoo.co.uk", "icloud.com", "me.com", "proton.me", "protonmail.com", "aol.com", "btinternet.com", "gmx.com",
}  # fmt: skip
_LEGAL_WORDS = {"ltd", "limited", "cic", "cio", "plc", "the", "charity"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What conflicts are compared with: staff-side facts of one application."""

    application_id: UUID
    reference: str
    organisation_key: str
    email_domain: str


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


def clashes(conflicts: Iterable[tuple[str, str]], candidate: Candidate) -> bool:
    """Whether any of a member's conflicts, as (kind, compared value), is about this application."""
    facts = {
        (ORGANISATION, candidate.organisation_key),
        (DOMAIN, candidate.email_domain),
        (APPLICATION, candidate.reference.upper()),
    }
    return any((kind, value) in facts and value for kind, value in conflicts)


def conflict_pairs(
    candidates: Sequence[Candidate], members: Mapping[UUID, Sequence[tuple[str, str]]]
) -> list[tuple[UUID, UUID]]:
    """Every (application, member) that must not meet."""
    return [
        (candidate.application_id, member)
        for candidate in candidates
        for member, conflicts in members.items()
        if clashes(conflicts, candidate)
    ]
