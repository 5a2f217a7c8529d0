"""What messages say of a session, from its published state."""

from datetime import datetime
from typing import Any

from services.notifications.domain.moments import Moment

_CONTENT = (
    "title",
    "purpose",
    "starts_at",
    "ends_at",
    "zone",
    "place",
    "link",
    "access_notes",
    "facilitator",
    "status",
)
_NAMED = (("title", "title"), ("place", "place"), ("link", "link"))
"""Changes that a message names, and the field of each."""


def content(state: dict[str, Any]) -> tuple[Any, ...]:
    """All that a participant may see of a session: if it is the same, there is nothing to tell."""
    return tuple(state.get(name) or "" for name in _CONTENT)


def starts_at(state: dict[str, Any]) -> datetime:
    """When it begins."""
    return datetime.fromisoformat(state["starts_at"])


def ends_at(state: dict[str, Any]) -> datetime:
    """When it ends."""
    return datetime.fromisoformat(state["ends_at"])


def values(state: dict[str, Any], public_url: str) -> dict[str, Any]:
    """What fills the templates."""
    return {
        "session": state["title"],
        "when": _when(state),
        "purpose": state["purpose"],
        "place": state["place"],
        "join_url": state["link"],
        "access_notes": state["access_notes"],
        "facilitator": state.get("facilitator", ""),
        "my_url": f"{public_url}/cohorts/my",
    }


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[dict[str, Any]]:
    """What has changed between two states, as rows of the list in the message."""
    rows: list[dict[str, Any]] = []
    if _when(before) != _when(now):
        rows.append({"what": "time", "before": _when(before), "now": _when(now)})
    for what, field in _NAMED:
        if before[field] != now[field] and now[field]:
            was = {"before": before[field]} if before[field] else {}
            rows.append({"what": what, **was, "now": now[field]})
    return rows


def _when(state: dict[str, Any]) -> dict[str, Any]:
    return Moment(starts_at(state), str(state["zone"]), ends_at(state)).as_json()
