"""What part of the applications an address asks for: the same words for the staff page and for the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.applications.storage.applications import CAME, SORTS, STATES, Listed, ListWish, sort_key
from shared.errors import Invalid
from shared.web.api import cursor_of, read_cursor

LONGEST_SEARCH = 100


def read_wish(arguments: Mapping[str, Any], limit: int = 50) -> ListWish:
    """The wish in `?sort=&order=&state=&came=&q=&cursor=`; raises Invalid naming what is wrong."""
    wish = ListWish(
        sort=_one_of("sort", arguments.get("sort", "score"), SORTS),
        descending=_one_of("order", arguments.get("order", "desc"), ("desc", "asc")) == "desc",
        state=_one_of("state", arguments.get("state", "submitted"), STATES),
        came=_one_of("came", arguments.get("came", ""), CAME),
        search=str(arguments.get("q", ""))[:LONGEST_SEARCH],
        after=_after(arguments.get("sort", "score"), arguments.get("cursor")),
        limit=limit,
    )
    return wish


def _one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise Invalid({name: [f"Choose one of: {', '.join(filter(None, allowed))}."]})
    return value


def _after(sort: str, cursor: str | None) -> tuple[float | datetime | str, UUID] | None:
    keys = read_cursor(cursor, 2)
    if keys is None:
        return None
    try:
        return _KINDS[sort](keys[0]), UUID(str(keys[1]))
    except (ValueError, TypeError, OverflowError):
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment has a zone")
    return found


def _word(text: str) -> str:
    if not isinstance(text, str) or "\0" in text:
        raise ValueError("a reference is text")
    return text


_KINDS: dict[str, Any] = {"score": float, "submitted": _moment, "reference": _word}


def next_cursor(rows: Sequence[Listed], wish: ListWish) -> str | None:
    """The cursor of the page after `rows`, which hold one row more than the page if there is one."""
    if len(rows) <= wish.limit:
        return None
    last = rows[wish.limit - 1]
    key = sort_key(last, wish)
    return cursor_of(key.isoformat() if isinstance(key, datetime) else key, str(last.row.id))
