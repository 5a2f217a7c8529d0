"""What is kept for a while and then thrown away: inbox marks and answers to repeated requests."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from shared.messaging.tables import idempotency_keys, inbox
from shared.unit_of_work import Units

INBOX_KEPT = timedelta(days=30)
ANSWERS_KEPT = timedelta(days=7)
EVERY = 3600.0


def purge(units: Units[Any]) -> int:
    """Delete what is older than its time; how many rows."""
    with units.begin() as unit:
        marks = unit.session.execute(delete(inbox).where(inbox.c.processed_at < unit.now - INBOX_KEPT))
        answers = unit.session.execute(
            delete(idempotency_keys).where(idempotency_keys.c.created_at < unit.now - ANSWERS_KEPT)
        )
        return int(marks.rowcount + answers.rowcount)
