"""One transaction of a use case: its rows, its events and the work it puts on the clock, all or nothing."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import Engine, delete, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.contracts.base import Event
from shared.contracts.envelope import Envelope, to_json, wrap
from shared.database import insert_or
from shared.ids import new_id
from shared.messaging.tables import due, outbox, outbox_sequences
from shared.timekeeping import Clock
from shared.tracing import current_trace

SHARDS = 64
NOTIFY_CHANNEL = "hearth_outbox"

U = TypeVar("U", bound="UnitOfWork")


class UnitOfWork:
    """What a use case works on. Services subclass it with their repositories; nobody inside commits."""

    def __init__(self, session: Session, now: datetime, source: str, cause: Envelope | None = None) -> None:
        self.session = session
        self.now = now
        self.cause = cause
        self._source = source
        self._published: list[Envelope] = []
        self.woken = False

    def publish(self, event: Event) -> None:
        """Queue an event: it leaves if, and only if, this unit of work commits."""
        trace = current_trace.get()
        self._published.append(
            wrap(
                event,
                id=new_id(),
                source=self._source,
                time=self.now,
                correlationid=self.cause.correlationid if self.cause else trace.correlation_id,
                causationid=str(self.cause.id) if self.cause else trace.causation_id,
                traceparent=self.cause.traceparent if self.cause else trace.traceparent,
            )
        )

    def wake(self) -> None:
        """Have the loops of this process look for work as soon as this unit of work has committed."""
        self.woken = True

    def schedule(self, kind: str, key: str, at: datetime, payload: dict[str, Any] | None = None) -> None:
        """Put work on the clock; the same kind and key again moves it instead of doubling it."""
        values = {"due_at": at, "next_at": at, "payload": payload or {}, "attempts": 0, "last_error": None}
        statement = insert_or(self.session, due).values(id=new_id(), kind=kind, key=key, **values)
        self.session.execute(
            statement.on_conflict_do_update(index_elements=["kind", "key"], set_=values),
        )

    def cancel(self, kind: str, *keys: str) -> None:
        """Take work off the clock, as far as it is still there."""
        self.session.execute(delete(due).where(due.c.kind == kind, due.c.key.in_(keys)))

    def store_events(self) -> bool:
        """Write what was published into the outbox; whether there was anything. Called once, before the commit."""
        if not self._published:
            return False
        self.session.flush()
        numbered = self._numbered(self._published)
        self.session.execute(insert(outbox), [_row(envelope) for envelope in numbered])
        self._published = []
        return True

    def _numbered(self, envelopes: list[Envelope]) -> list[Envelope]:
        following = self._first_numbers(Counter(envelope.subject for envelope in envelopes))
        numbered = []
        for envelope in envelopes:
            numbered.append(envelope.numbered(following[envelope.subject]))
            following[envelope.subject] += 1
        return numbered

    def _first_numbers(self, counts: Counter[str]) -> dict[str, int]:
        statement = _counting_on(self.session.get_bind().dialect.name)
        # Sorted, so that two units of work with the same subjects lock them in the same order.
        wanted = [{"subject": subject, "last": counts[subject]} for subject in sorted(counts)]
        return {subject: last - counts[subject] + 1 for subject, last in self.session.execute(statement, wanted)}


@cache
def _counting_on(dialect: str) -> Any:
    """Counts the sequences of subjects on, and answers where each has come to. Made once for each kind of database."""
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(outbox_sequences)
    counted = {"last": outbox_sequences.c.last + statement.excluded.last}
    counting = statement.on_conflict_do_update(index_elements=["subject"], set_=counted)
    return counting.returning(outbox_sequences.c.subject, outbox_sequences.c.last)


def _row(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "shard": zlib.crc32(envelope.subject.encode()) % SHARDS,
        "body": to_json(envelope),
        "created_at": envelope.time,
    }


class Units(Generic[U]):
    """Makes units of work. `on_published` is called after a commit that put events into the outbox or made work for
    the loops (`UnitOfWork.wake`)."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        factory: Callable[[Session, datetime, str, Envelope | None], U],
        source: str,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.source = source
        self.on_published: Callable[[], None] | None = None
        self.notify = engine.dialect.name == "postgresql"
        self._factory = factory

    @contextmanager
    def begin(self, *, write: bool = True, cause: Envelope | None = None) -> Iterator[U]:
        """A unit of work that commits at the end of the block and rolls back on any exception."""
        engine = self.engine if write else self.engine.execution_options(sqlite_begin="DEFERRED")
        with Session(engine, expire_on_commit=False) as session:
            unit = self._factory(session, self.clock(), self.source, cause)
            yield unit
            published = self._finish(session, unit)
        if (published or unit.woken) and self.on_published is not None:
            self.on_published()

    def _finish(self, session: Session, unit: U) -> bool:
        published = unit.store_events()
        if published and self.notify:
            session.execute(text(f"NOTIFY {NOTIFY_CHANNEL}"))
        session.commit()
        return published
