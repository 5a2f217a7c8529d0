"""The embedded broker: the outbox is the queue, and each listener keeps a mark in it.

For one process and SQLite alone: the marks rely on positions becoming visible in order, which one writer gives.
A kill at any moment is harmless: a mark moves after the listener's transaction, so at worst events are handed over
again, and the listener's inbox knows them.
"""

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, exists, func, select, text, update
from sqlalchemy.dialects.sqlite import insert

from shared.messaging.delivery import Delivery, Outcome
from shared.messaging.inbox import Listener
from shared.messaging.relay import UNROUTABLE, AnyRow, Rows
from shared.messaging.tables import embedded_marks, embedded_retries, outbox
from shared.metrics import Metrics

BATCH = 100


@dataclass(frozen=True)
class Publishing:
    """One service's outbox and everybody who listens to it."""

    engine: Engine
    listeners: tuple[Listener[Any], ...]
    metrics: Metrics

    @classmethod
    def of(cls, name: str, engine: Engine, listeners: tuple[Listener[Any], ...], metrics: Metrics) -> "Publishing":
        """Leaves out listeners that want nothing of service `name`: their marks would cost it a write each time."""
        wanting = tuple(one for one in listeners if any(type.startswith(f"{name}.") for type in one.types))
        # Somebody must look through the outbox, if only to find that nobody wants any of it.
        return cls(engine, wanting or listeners[:1], metrics)

    @property
    def routed(self) -> frozenset[str]:
        """The event types that somebody listens to."""
        return frozenset(name for listener in self.listeners for name in listener.types)


class Passage:
    """The way from one service's outbox to one listener."""

    def __init__(self, publishing: Publishing, listener: Listener[Any]) -> None:
        self._publishing = publishing
        self._engine = publishing.engine
        self._reading = publishing.engine.execution_options(sqlite_begin="DEFERRED")
        self._listener = listener
        self._mine = embedded_retries.c.listener == listener.name
        self._lock = threading.Lock()

    def step(self) -> bool:
        """Hand over the retries whose time has come and then a batch of new events; whether there was anything."""
        with self._lock:
            retried = bool(self._retry(forced=False))
            return self._hand_over() or retried

    def retry_now(self) -> bool:
        """Try everything that waits, whatever its time; whether any of it got further (or nearer to being parked)."""
        with self._lock:
            outcomes = self._retry(forced=True)
            return any(_got_on(outcome) for outcome in outcomes)

    def _hand_over(self) -> bool:
        rows, held = self._read_new()
        if not rows:
            return False
        wanted = [row for row in rows if row.type in self._listener.types]
        now = [row for row in wanted if row.subject not in held]
        outcomes = self._listener.consume([Delivery(row.body.encode()) for row in now])
        waiting = [(row, outcome) for row, outcome in zip(now, outcomes, strict=True) if outcome.kind == "retry"]
        waiting += [(row, Outcome("retry")) for row in wanted if row.subject in held]
        with self._engine.begin() as connection:
            self._keep(connection, waiting)
            self._mark(connection, rows)
            self._purge(connection)
        return True

    def _read_new(self) -> tuple[Rows, set[str]]:
        mark = select(embedded_marks.c.position).where(embedded_marks.c.listener == self._listener.name)
        with self._reading.connect() as connection:
            rows = connection.execute(
                select(outbox.c.position, outbox.c.type, outbox.c.subject, outbox.c.body)
                .where(outbox.c.position > func.coalesce(mark.scalar_subquery(), 0))
                .order_by(outbox.c.position)
                .limit(BATCH)
            ).all()
            subjects = {row.subject for row in rows}
            held = select(embedded_retries.c.subject).where(self._mine, embedded_retries.c.subject.in_(subjects))
            return rows, set(connection.scalars(held)) if rows else set()

    def _keep(self, connection: Connection, waiting: list[tuple[AnyRow, Outcome]]) -> None:
        for row, outcome in waiting:
            values = self._values(outcome)
            connection.execute(
                insert(embedded_retries)
                .values(listener=self._listener.name, position=row.position, subject=row.subject, **values)
                .on_conflict_do_nothing()
            )

    def _values(self, outcome: Outcome) -> dict[str, Any]:
        # One that waits behind another may go as soon as that other is through.
        wait = timedelta(seconds=0 if outcome.behind else outcome.delay)
        now = self._listener.units.clock()
        return {"attempts": outcome.attempts, "next_at": now + wait, "history": outcome.history}

    def _mark(self, connection: Connection, rows: Rows) -> None:
        last = rows[-1].position
        statement = insert(embedded_marks).values(listener=self._listener.name, position=last)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["listener"],
                set_={"position": func.max(embedded_marks.c.position, statement.excluded.position)},
            )
        )
        lost = [row.position for row in rows if row.type not in self._publishing.routed]
        if lost:
            connection.execute(update(outbox).where(outbox.c.position.in_(lost)).values(problem=UNROUTABLE))

    def _purge(self, connection: Connection) -> None:
        """Delete what every listener has passed, except what waits to be tried again and what nobody listens to."""
        names = [listener.name for listener in self._publishing.listeners]
        marks = connection.execute(
            select(func.count(), func.min(embedded_marks.c.position)).where(embedded_marks.c.listener.in_(names))
        ).one()
        if marks[0] == len(names):
            waiting = exists().where(embedded_retries.c.position == outbox.c.position)
            passed = (outbox.c.position <= marks[1], outbox.c.problem.is_(None), ~waiting)
            for name in connection.scalars(delete(outbox).where(*passed).returning(outbox.c.type)):
                self._publishing.metrics.published.labels(name).inc()

    def _retry(self, *, forced: bool) -> list[Outcome]:
        outcomes: list[Outcome] = []
        after = 0
        while rows := self._read_retries(after, forced):
            deliveries = [Delivery(row.body.encode(), row.attempts, row.history) for row in rows]
            settled = self._listener.consume(deliveries)
            with self._engine.begin() as connection:
                for row, outcome in zip(rows, settled, strict=True):
                    self._settle(connection, row.position, outcome)
                self._purge(connection)
            outcomes += settled
            after = rows[-1].position
        return outcomes

    def _read_retries(self, after: int, forced: bool) -> Rows:
        """Retries that may go: their time has come, and so has that of all earlier ones of their subject."""
        now = self._listener.units.clock()
        earlier = embedded_retries.alias()
        query = (
            select(embedded_retries, outbox.c.body)
            .join(outbox, outbox.c.position == embedded_retries.c.position)
            .where(self._mine, embedded_retries.c.position > after)
            .order_by(embedded_retries.c.position)
            .limit(BATCH)
        )
        if not forced:
            ahead = exists().where(
                earlier.c.listener == self._listener.name,
                earlier.c.subject == embedded_retries.c.subject,
                earlier.c.position < embedded_retries.c.position,
                earlier.c.next_at > now,
            )
            query = query.where(embedded_retries.c.next_at <= now, ~ahead)
        with self._reading.connect() as connection:
            return connection.execute(query).all()

    def _settle(self, connection: Connection, position: int, outcome: Outcome) -> None:
        this = (self._mine, embedded_retries.c.position == position)
        if outcome.kind != "retry":
            connection.execute(delete(embedded_retries).where(*this))
        elif not outcome.behind:
            connection.execute(update(embedded_retries).where(*this).values(**self._values(outcome)))


def _got_on(outcome: Outcome) -> bool:
    """Whether another try changed anything: it went through, was parked, or came nearer to being parked."""
    if outcome.kind != "retry":
        return True
    return not outcome.behind and bool(outcome.history[-1]["kind"] == "failed")


def adopt(publishing: Publishing) -> None:
    """Give events that nobody listened to before to those who do now. To be called before the first step."""
    routed = publishing.routed
    with publishing.engine.begin() as connection:
        lost = connection.execute(
            select(outbox.c.position, outbox.c.type, outbox.c.subject, outbox.c.created_at).where(
                outbox.c.problem == UNROUTABLE, outbox.c.type.in_(routed)
            )
        ).all()
        for row in lost:
            for listener in publishing.listeners:
                if row.type in listener.types:
                    connection.execute(
                        insert(embedded_retries).values(**_waiting(listener, row)).on_conflict_do_nothing()
                    )
        positions = [row.position for row in lost]
        connection.execute(update(outbox).where(outbox.c.position.in_(positions)).values(problem=None))


def _waiting(listener: Listener[Any], row: AnyRow) -> dict[str, Any]:
    return {
        "listener": listener.name,
        "position": row.position,
        "subject": row.subject,
        "attempts": 0,
        "next_at": listener.units.clock(),
        "history": [],
    }


def check(engine: Engine) -> None:
    """Refuse a database in which the embedded broker would lose events. Raises RuntimeError."""
    if engine.dialect.name != "sqlite":
        raise RuntimeError("the embedded broker needs SQLite; use RabbitMQ with PostgreSQL")
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'outbox'")) or ""
    if "AUTOINCREMENT" not in made.upper():
        raise RuntimeError("the outbox table must be made with AUTOINCREMENT, else emptied positions are used again")
