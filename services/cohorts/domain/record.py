"""The seal of the decision record: each entry's hash covers its content and the hash before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as it is sealed."""

    position: int
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    round_id: UUID | None
    detail: dict[str, Any]
    previous: str


def seal(entry: Entry) -> str:
    """SHA-256 of the entry in a form that has only one spelling."""
    content = {
        "position": entry.position,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": str(entry.actor_id) if entry.actor_id else None,
        "actor": entry.actor,
        "action": entry.action,
        "round_id": str(entry.round_id) if entry.round_id else None,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: `hash` seals `entry` and the hash before it. `entry` is None where only the seal is
    shown, as of other rounds in an export."""

    position: int
    previous: str
    hash: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the record found: `broken_at` is the first bad position, with what is wrong there. `sealed_only`
    of the `entries` were seals without their content."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""
    sealed_only: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or put in."""
        return self.broken_at is None


def link(entry: Entry, stored: str) -> Link:
    """An entry with the hash that was stored for it."""
    return Link(entry.position, entry.previous, stored, entry)


def verify(links: Iterable[Link], head: tuple[int, str]) -> Verdict:
    """Walk the links in order from position 1 and compare the end with the stored head (position, hash)."""
    previous, position, sealed_only = GENESIS, 0, 0
    for each in links:
        position += 1
        problem = _problem(each, position, previous)
        if problem:
            return Verdict(position - 1, previous, position, problem, sealed_only)
        previous = each.hash
        sealed_only += each.entry is None
    if (position, previous) != head:
        return Verdict(position, previous, position + 1, "entries are missing at the end", sealed_only)
    return Verdict(position, previous, sealed_only=sealed_only)


def _problem(each: Link, position: int, previous: str) -> str:
    if each.position != position:
        return f"entry {position} is missing"
    if each.previous != previous:
        return "the entry does not follow the one before it"
    if each.entry is not None and seal(each.entry) != each.hash:
        return "the entry was changed after it was written"
    return ""
