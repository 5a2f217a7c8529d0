"""The relay: outbox rows to the broker, in order for each subject, gone from the outbox only when they have arrived."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, delete, or_, select, text, update

from shared.database import one_of
from shared.messaging.tables import outbox
from shared.metrics import Metrics
from shared.timekeeping import Clock
from shared.unit_of_work import SHARDS

log = logging.getLogger(__name__)

BATCH = 500
UNROUTABLE = "unroutable"
UNROUTABLE_PAUSE = timedelta(seconds=10)
_LOCK_SHARDS = text("SELECT s FROM unnest(CAST(:shards AS int[])) AS s WHERE pg_try_advisory_xact_lock(:space, s)")
_LOCKS = 0x48_52  # first half of the advisory locks' two-part key; the second is the shard


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An outbox row on its way: `type` is the routing key, `id` the message's id."""

    id: UUID
    type: str
    subject: str
    body: bytes


AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


class Publisher(Protocol):
    """A broker that takes batches."""

    def publish_batch(self, rows: Sequence[Outgoing]) -> Mapping[UUID, str]:
        """Publish in order and wait for the broker's answers.

        Returns the ids that did not arrive with the reason: "unroutable" when no queue wanted it, "nacked" when the
        broker refused. Raises Unreachable when the answer is unknown.
        """


class Unreachable(Exception):
    """The broker is away, or did not answer in time: nobody knows what arrived, so everything stays."""


class Relay:
    """Moves one service's outbox. Several may run at once, in one process or many, without disorder."""

    def __init__(
        self,
        engine: Engine,
        publisher: Publisher,
        clock: Clock,
        metrics: Metrics | None = None,
        *,
        shards_at_once: int = SHARDS,
    ) -> None:
        self._engine = engine
        self._publisher = publisher
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._shards_at_once = shards_at_once
        self._turn = 0
        self._alone = _lock_of(engine)

    def step(self) -> bool:
        """Move one batch; whether it was a full one, so that there may be more at once.

        The shards' locks, the rows and their deletion are one transaction: if this process dies, its locks go with it
        and the rows stay. Raises Unreachable, and sqlalchemy errors of a database that is away.
        """
        if self._engine.dialect.name == "sqlite":
            return self._step_on_sqlite()
        with self._engine.begin() as connection:
            for _ in range(0, SHARDS, self._shards_at_once):
                rows = self._read(connection, self._claim(connection))
                if rows:
                    return self._settle(connection, rows, self._publish(rows))
            return False

    def _step_on_sqlite(self) -> bool:
        # SQLite has one writer: a transaction kept open while the broker answers would stop every visitor.
        with self._alone:
            with self._engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
                rows = self._read(connection, None)
            if not rows:
                return False
            failed = self._publish(rows)
            with self._engine.begin() as connection:
                return self._settle(connection, rows, failed)

    def _claim(self, connection: Connection) -> list[int]:
        """Lock the free ones among the next `shards_at_once` shards, until the transaction ends."""
        # Another part each time, so that relays side by side share the shards.
        first = self._turn * self._shards_at_once
        self._turn += 1
        wanted = [(first + n) % SHARDS for n in range(min(self._shards_at_once, SHARDS))]
        return list(connection.scalars(_LOCK_SHARDS, {"shards": wanted, "space": _LOCKS}))

    def _ready(self) -> ColumnElement[bool]:
        return or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= self._clock())

    def _read(self, connection: Connection, shards: list[int] | None) -> Rows:
        query = select(outbox.c.position, outbox.c.id, outbox.c.type, outbox.c.subject, outbox.c.body).where(
            self._ready()
        )
        if shards is not None and len(shards) < SHARDS:
            query = query.where(outbox.c.shard.in_(shards))
        return connection.execute(query.order_by(outbox.c.position).limit(BATCH)).all()

    def _publish(self, rows: Rows) -> Mapping[UUID, str]:
        return self._publisher.publish_batch(
            [Outgoing(row.id, row.type, row.subject, row.body.encode()) for row in rows]
        )

    def _settle(self, connection: Connection, rows: Rows, failed: Mapping[UUID, str]) -> bool:
        arrived = [row for row in rows if row.id not in failed]
        if arrived:
            gone = one_of(connection, outbox.c.position, (row.position for row in arrived))
            connection.execute(delete(outbox).where(gone))
        for name, count in Counter(row.type for row in arrived).items():
            self._metrics.published.labels(name).inc(count)
        if failed:
            self._note(connection, failed)
        return len(rows) == BATCH and len(arrived) > 0

    def _note(self, connection: Connection, failed: Mapping[UUID, str]) -> None:
        """Write on the rows why they stay. An unroutable one steps aside for a while: nobody would miss it yet."""
        later = self._clock() + UNROUTABLE_PAUSE
        connection.execute(
            update(outbox).where(outbox.c.id == bindparam("row_id")),
            [
                {"row_id": id, "problem": reason, "retry_at": later if reason == UNROUTABLE else None}
                for id, reason in failed.items()
            ],
        )
        for id, reason in failed.items():
            self._metrics.unpublished.labels(reason).inc()
            log.error("an event could not be published: %s", reason, extra={"event_id": str(id)})


_locks: dict[str, threading.Lock] = {}


def _lock_of(engine: Engine) -> threading.Lock:
    """One lock for each SQLite file of this process: relays side by side would otherwise send rows twice."""
    return _locks.setdefault(str(engine.url), threading.Lock())


@contextmanager
def listening(engine: Engine, channel: str) -> Iterator[Any]:
    """A connection of its own that hears NOTIFY on `channel`; yields psycopg's connection."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"LISTEN {channel}"))
        try:
            yield connection.connection.driver_connection
        finally:
            connection.invalidate()
