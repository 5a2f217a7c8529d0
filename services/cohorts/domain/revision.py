"""Edits say which version they were made on; an edit made on an older one is refused."""

from typing import Protocol

from shared.errors import Stale


class Revised(Protocol):
    """Anything that counts its edits."""

    revision: int


def step(thing: Revised, expected: int | None) -> None:
    """Count one more edit of `thing`, made on version `expected` (None: whatever is there).

    Raises:
        Stale: somebody else has changed it since.
    """
    if expected is not None and expected != thing.revision:
        raise Stale("Somebody has changed this since you opened it. Look at what it says now, then make your change.")
    thing.revision += 1
