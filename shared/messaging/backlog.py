"""What waits in a service's database: read by the metrics, the readiness probes and the tests."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, Table, and_, func, select

from shared.messaging.tables import dead_letters, due, embedded_retries, outbox

FAILING_FROM = 4
"""Attempts after which a due row counts as failing rather than unlucky."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of waiting rows, and the age in seconds of the oldest event that could leave and has not."""

    outbox: int
    oldest_seconds: float
    unroutable: int
    retries: int
    parked: int
    overdue: int
    failing: int


def read_backlog(engine: Engine, now: datetime) -> Backlog:
    """Count what waits. `now` comes from the service's clock."""
    routable = outbox.c.problem.is_(None)
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:

        def count(table: Table, *conditions: ColumnElement[bool]) -> int:
            return int(connection.scalar(select(func.count()).select_from(table).where(and_(True, *conditions))) or 0)

        oldest = connection.scalar(select(func.min(outbox.c.created_at)).where(routable))
        return Backlog(
            outbox=count(outbox),
            oldest_seconds=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            unroutable=count(outbox, outbox.c.problem == "unroutable"),
            retries=count(embedded_retries),
            parked=count(dead_letters),
            overdue=count(due, due.c.next_at <= now, due.c.attempts == 0),
            failing=count(due, due.c.attempts >= FAILING_FROM),
        )
