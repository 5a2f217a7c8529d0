"""What part of the messages an address asks for: the same for the page and for the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.states import State
from services.notifications.storage.messages import MessageWish
from services.notifications.storage.tables import MessageRow
from shared.errors import Invalid
from shared.web.api import cursor_of, read_cursor

PAGE = 50
_LONGEST = 100


def read_wish(arguments: Mapping[str, str], limit: int = PAGE) -> MessageWish:
    """What the address asks for; raises Invalid naming the parameter."""
    state, kind = arguments.get("state", ""), arguments.get("kind", "")
    if state and state not in set(State):
        raise Invalid({"state": [f"Choose one of: {', '.join(State)}."]})
    if kind and kind not in KINDS:
        raise Invalid({"kind": [f"Choose one of: {', '.join(KINDS)}."]})
    # No database takes a NUL, and nobody types one.
    words = arguments.get("q", "").replace("\x00", "")[:_LONGEST]
    return MessageWish(state, kind, words, _after(arguments.get("cursor")), limit)


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    keys = read_cursor(cursor, 2)
    if keys is None:
        return None
    try:
        at, last = datetime.fromisoformat(keys[0]), UUID(keys[1])
        if at.tzinfo is None:
            raise ValueError("a moment without a zone")
    except (ValueError, TypeError, AttributeError):
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None
    return at, last


def next_cursor(rows: Sequence[MessageRow], wish: MessageWish) -> str | None:
    """The cursor of the page after `rows`, which hold one row more than the page if there is one."""
    if len(rows) <= wish.limit:
        return None
    last = rows[wish.limit - 1]
    return cursor_of(last.queued_at.isoformat(), str(last.id))
