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
class Verdict:
    """What checking the record found: `broken_at` is the first bad position, with what is wrong there."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, removed or put in."""
        return self.broken_at is None


def verify(entries: Iterable[tuple[Entry, str]], head: tuple[int, str]) -> Verdict:
    """Walk (entry, stored hash) in order from position 1 and compare the end with the stored head."""
    previous, position = GENESIS, 0
    for entry, stored in entries:
        position += 1
        if entry.position != position:
            return Verdict(position - 1, previous, position, f"entry {position} is missing")
        if entry.previous != previous:
            return Verdict(position, previous, position, "the entry does not follow the one before it")
        if seal(entry) != stored:
            return Verdict(position, previous, position, "the entry was changed after it was written")
        previous = stored
    if (position, previous) != head:
        return Verdict(position, previous, position + 1, "entries are missing at the end")
    return Verdict(position, previous)
