"""Dead letters: what an operator may do with the events (and due rows) that could not be handled.

A replay is asked for by a mark on the row. The worker of the listener, whichever broker it uses, takes the marked rows
through the listener's ordinary transaction (inbox mark, effects, outbox rows) and deletes each in that same
transaction; if it fails again, the row stays with the new reason. So replay needs no broker, works the same with both,
and can be asked for while the worker is down.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, select, update

from shared.errors import NotFound
from shared.messaging.backlog import FAILING_FROM
from shared.messaging.masking import masked
from shared.messaging.tables import dead_letters, due

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """One line of the list. For a due row that keeps failing, `listener` is "clock" and `type` its kind."""

    id: UUID
    listener: str
    type: str
    subject: str
    reason: str
    attempts: int
    since: datetime
    replay_requested: bool


def list_letters(engine: Engine, listener: str | None = None) -> list[Letter]:
    """The parked events, oldest first, then the due rows that keep failing. Holds no personal data."""
    query = select(dead_letters).order_by(dead_letters.c.parked_at, dead_letters.c.id)
    if listener is not None:
        query = query.where(dead_letters.c.listener == listener)
    with _reading(engine).connect() as connection:
        events = [_letter(row) for row in connection.execute(query)]
        rows = connection.execute(select(due).where(due.c.attempts >= FAILING_FROM).order_by(due.c.due_at))
        return events + [_late(row) for row in rows if listener in (None, "clock")]


def show(engine: Engine, id: UUID) -> dict[str, Any]:
    """One letter in full with its history and its data, texts masked: only identifiers, numbers, dates and booleans.

    Raises NotFound.
    """
    with _reading(engine).connect() as connection:
        row = connection.execute(select(dead_letters).where(dead_letters.c.id == id)).first()
        if row is not None:
            return {**described(_letter(row)), "history": row.history, "event": _shown(row.body)}
        row = connection.execute(select(due).where(due.c.id == id)).first()
        if row is None:
            raise NotFound("There is no such dead letter.")
        return {**described(_late(row)), "payload": masked(row.payload)}


def request_replay(engine: Engine, ids: Sequence[UUID], now: datetime) -> int:
    """Ask the worker to try these letters again; how many of them there are."""
    with engine.begin() as connection:
        found = connection.execute(
            update(dead_letters).where(dead_letters.c.id.in_(ids)).values(replay_requested_at=now)
        ).rowcount
        found += connection.execute(
            update(due).where(due.c.id.in_(ids), due.c.attempts > 0).values(next_at=now)
        ).rowcount
    return found


def drop(engine: Engine, id: UUID, reason: str) -> Letter:
    """Remove a letter for good; who did it and why goes to the log. Raises NotFound."""
    with engine.begin() as connection:
        row = connection.execute(delete(dead_letters).where(dead_letters.c.id == id).returning(dead_letters)).first()
        if row is not None:
            letter = _letter(row)
        else:
            row = connection.execute(delete(due).where(due.c.id == id, due.c.attempts > 0).returning(due)).first()
            if row is None:
                raise NotFound("There is no such dead letter.")
            letter = _late(row)
    log.warning(
        "a dead letter was dropped: %s",
        reason,
        extra={"letter": str(id), "listener": letter.listener, "type": letter.type, "subject": letter.subject},
    )
    return letter


def _reading(engine: Engine) -> Engine:
    return engine.execution_options(sqlite_begin="DEFERRED")


def _letter(row: Any) -> Letter:
    asked = row.replay_requested_at is not None
    return Letter(row.id, row.listener, row.type, row.subject, row.reason, row.attempts, row.parked_at, asked)


def _late(row: Any) -> Letter:
    return Letter(row.id, "clock", row.kind, row.key, row.last_error or "", row.attempts, row.due_at, False)


def described(letter: Letter) -> dict[str, Any]:
    """For JSON."""
    return {
        "id": str(letter.id),
        "listener": letter.listener,
        "type": letter.type,
        "subject": letter.subject,
        "reason": letter.reason,
        "attempts": letter.attempts,
        "since": letter.since.isoformat(),
        "replay_requested": letter.replay_requested,
    }


def _shown(body: str) -> Any:
    try:
        return masked(json.loads(body))
    except (ValueError, RecursionError):
        return f"{len(body)} characters that are not JSON"
