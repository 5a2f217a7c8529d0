"""The clock: runs due rows, each exactly once in effect however many workers there are."""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Generic
from uuid import UUID

from sqlalchemy import Row, and_, delete, select, update

from shared import logs
from shared.messaging.outage import is_outage
from shared.messaging.tables import due
from shared.metrics import Metrics
from shared.service import Due, DueHandlers
from shared.tracing import Trace, current_trace
from shared.unit_of_work import U, Units

log = logging.getLogger(__name__)

BACK_OFF = (1, 10, 60, 600, 3600)
"""Seconds until the next try of a row that failed; the last one for ever, because time's work is never dropped."""


class Schedule(Generic[U]):
    """One service's due rows and what to do about them."""

    def __init__(self, units: Units[U], handlers: DueHandlers[U], metrics: Metrics | None = None) -> None:
        self._units = units
        self._handlers: Mapping[str, Any] = handlers
        self._metrics = metrics or Metrics()

    def run_next(self) -> bool:
        """Run one row whose time has come; whether there was one.

        The row is claimed (SKIP LOCKED), deleted and handled in one transaction, so that the handler may put the same
        kind and key on the clock again. A failure is written on the row, which then waits and blocks nobody.
        Raises sqlalchemy errors of a database that is away.
        """
        # Looking first spares SQLite its writer's lock when, as nearly always, nothing is due.
        if not self._waiting():
            return False
        claimed: list[Due] = []
        try:
            self._run_one(claimed)
        except Exception as error:
            if not claimed or is_outage(error):
                raise
            self._put_off(claimed[0], error)
        return bool(claimed)

    def _run_one(self, claimed: list[Due]) -> None:
        with self._units.begin() as unit:
            row = unit.session.execute(
                select(due)
                .where(due.c.next_at <= unit.now)
                .order_by(due.c.next_at, due.c.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return
            claimed.append(_work(row))
            unit.session.execute(delete(due).where(due.c.id == row.id))
            self._handle(unit, claimed[0])
        self._metrics.due.labels(claimed[0].kind, "done").inc()

    def _waiting(self) -> bool:
        with self._units.begin(write=False) as unit:
            return unit.session.scalar(select(due.c.id).where(due.c.next_at <= unit.now).limit(1)) is not None

    def _handle(self, unit: U, work: Due) -> None:
        if work.kind not in self._handlers:
            raise LookupError("no handler for this kind of due row")
        token, began = current_trace.set(Trace(correlation_id=str(work.id))), time.perf_counter()
        try:
            self._handlers[work.kind](unit, work)
            unit.session.flush()
        finally:
            current_trace.reset(token)
            self._metrics.handler_seconds.labels(f"due:{work.kind}").observe(time.perf_counter() - began)

    def _put_off(self, work: Due, error: Exception) -> None:
        log.warning("a due row failed: %s", work.kind, exc_info=error, extra={"due_id": str(work.id)})
        self._metrics.due.labels(work.kind, "failed").inc()
        reason = f"{logs.safe_message(error)} at {logs.where(error)}"
        with self._units.begin() as unit:
            # Not if somebody has moved the row to another time meanwhile.
            same = and_(due.c.id == work.id, due.c.due_at == work.due_at)
            attempts = unit.session.scalar(select(due.c.attempts).where(same)) or 0
            wait = BACK_OFF[min(attempts, len(BACK_OFF) - 1)]
            unit.session.execute(
                update(due)
                .where(same)
                .values(attempts=attempts + 1, last_error=reason, next_at=unit.now + timedelta(seconds=wait))
            )


def hasten(units: Units[Any], id: UUID) -> bool:
    """Let a row that failed be tried at once; False if it is no longer there."""
    with units.begin() as unit:
        changed = unit.session.execute(update(due).where(due.c.id == id).values(next_at=unit.now))
        return bool(changed.rowcount)


def _work(row: Row[Any]) -> Due:
    return Due(id=row.id, kind=row.kind, key=row.key, due_at=row.due_at, payload=row.payload)
