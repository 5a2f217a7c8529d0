"""May this reviewer be given this application by hand? The same limits as in the whole-round assignment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

Reason = Literal["unknown-reviewer", "conflict", "already", "capacity", "enough"]


@dataclass(frozen=True)
class Blocked:
    """Why not. `absolute` reasons can never be waved through; the others only by changing the limit itself."""

    reason: Reason
    message: str

    @property
    def absolute(self) -> bool:
        return self.reason in ("unknown-reviewer", "conflict", "already")

    def __str__(self) -> str:
        return self.message


def blocked_because(
    application: str,
    reviewer: str,
    *,
    reviewers: Collection[str],
    conflicts: Collection[tuple[str, str]] | Mapping[tuple[str, str], str],
    existing: Collection[tuple[str, str]],
    per_application: int | Mapping[str, int],
    capacity: int | Mapping[str, int] | None = None,
) -> Blocked | None:
    """The first thing against the pair, or None. `conflicts` may map pairs to why, which is then said."""
    pair = (application, reviewer)
    if reviewer not in reviewers:
        return Blocked("unknown-reviewer", "This person is not a reviewer in this round.")
    if pair in conflicts:
        why = f": {conflicts[pair]}" if isinstance(conflicts, Mapping) and conflicts[pair] else ""
        return Blocked("conflict", f"This reviewer has a conflict with this application{why}.")
    if pair in existing:
        return Blocked("already", "This reviewer already has this application.")
    limit = capacity.get(reviewer) if isinstance(capacity, Mapping) else capacity
    if limit is not None and (held := sum(r == reviewer for _, r in existing)) >= limit:
        return Blocked("capacity", f"This reviewer has {held} reviews and agreed to no more than {limit}.")
    wanted = per_application[application] if isinstance(per_application, Mapping) else per_application
    if sum(a == application for a, _ in existing) >= wanted:
        return Blocked("enough", f"This application already has its {wanted} reviews.")
    return None
