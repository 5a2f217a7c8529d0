"""Parking: an event that cannot be handled goes to the listener's own dead letters, with the reason and the history."""

import hashlib
import json
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from shared.ids import new_id
from shared.logs import redact
from shared.messaging.delivery import Outcome
from shared.messaging.tables import dead_letters
from shared.unit_of_work import Units


def digest(body: bytes) -> str:
    """A name for an event whose own cannot be read."""
    return hashlib.sha256(body).hexdigest()


def park(units: Units[Any], listener: str, body: bytes, outcome: Outcome) -> None:
    """Write the dead letter in a transaction of its own; the same event again replaces what was known of it."""
    kind, subject = _read_names(body)
    values = {
        "type": kind,
        "subject": subject,
        "body": body.decode("utf-8", "replace").replace("\x00", "\ufffd"),
        "reason": outcome.reason,
        "history": outcome.history,
        "attempts": outcome.attempts,
        "parked_at": units.clock(),
        "replay_requested_at": None,
    }
    with units.begin() as unit:
        dialect = sqlite if unit.session.get_bind().dialect.name == "sqlite" else postgresql
        unit.session.execute(
            dialect.insert(dead_letters)
            .values(id=new_id(), listener=listener, event_id=outcome.event_id, **values)
            .on_conflict_do_update(index_elements=["listener", "event_id"], set_=values)
        )


def _read_names(body: bytes) -> tuple[str, str]:
    """Type and subject if the body says them, so that an operator sees what it might have been."""
    try:
        document = json.loads(body)
        return redact(str(document["type"]))[:100], redact(str(document["subject"]))[:120]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "unknown", ""
