"""What a sender notes just before each final dot: one statement and one commit, on a connection that it keeps.

This is all that the database is asked for every single message. It goes past units of work, the object mapper and the
expression language: those cost more than the statement itself.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, String, and_, bindparam, case, literal_column, or_, update
from sqlalchemy.exc import DBAPIError

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow

_TABLE: Any = MessageRow.__table__
_SENDING, _HANDED, _SENT = [literal_column(f"'{state}'", String) for state in (State.SENDING, State.HANDED, State.SENT)]
# Put so that no index of states can be used. Once PostgreSQL has looked at the table it thinks that hardly a row is
# being sent, and would look for these two among all that ever were, until the next vacuum.
_STATE = _TABLE.c.state.concat(literal_column("''", String))
_IS_NEXT = _TABLE.c.id == bindparam("next_id")
_NEXT = and_(_IS_NEXT, _TABLE.c.lease == bindparam("next_lease"), _STATE == _SENDING)
_LAST = and_(_TABLE.c.id == bindparam("last_id"), _TABLE.c.lease == bindparam("last_lease"), _STATE == _HANDED)
_NOTE = (
    update(_TABLE)
    .where(or_(_NEXT, _LAST))
    .values(
        state=case((_IS_NEXT, _HANDED), else_=_SENT),
        handed_at=case((_IS_NEXT, bindparam("now", type_=_TABLE.c.handed_at.type)), else_=_TABLE.c.handed_at),
        # The message before keeps its lease until the other services are told of it.
        lease_until=case((_IS_NEXT, bindparam("until", type_=_TABLE.c.lease_until.type)), else_=_TABLE.c.lease_until),
    )
    .returning(_IS_NEXT)
)

Leased = tuple[UUID, UUID]
"""A message and the lease under which a sender has it."""


class Notes:
    """One sender's notes, on one thread."""

    def __init__(self, engine: Engine) -> None:
        # Each note is a transaction of one statement: begun and committed by the database itself, in one round trip.
        # (To SQLite's driver, BEGIN is said by `shared.database` alone, and here it is not.)
        sqlite = engine.dialect.name == "sqlite"
        self._engine = engine if sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._cursor: Any = None
        self._statement = _Statement(engine)

    def hand(self, message: Leased, now: datetime, until: datetime, last: Leased | None) -> bool:
        """Commit that this message is about to be handed over, and that the server took the `last` one; whether this
        message was still ours. Raises what a database that is away raises."""
        last_id, last_lease = last or message
        try:
            if self._connection is None:
                self._open()
            return self._statement.run(
                self._cursor,
                next_id=message[0], next_lease=message[1], last_id=last_id, last_lease=last_lease, now=now, until=until,
            )  # fmt: skip
        except BaseException:
            if self._connection is not None:
                self._connection.invalidate()
            self.close()
            raise

    def _open(self) -> None:
        self._connection = self._engine.connect()
        self._cursor = self._connection.connection.cursor()
        if self._engine.dialect.name == "postgresql":
            # The plan is kept. Made while the table is new, it would read all of it, ever longer, for two rows.
            self._cursor.execute("SET enable_seqscan = off")

    def close(self) -> None:
        """Let go of the connection; the next note opens another one."""
        connection, cursor, self._connection, self._cursor = self._connection, self._cursor, None, None
        if connection is None:
            return
        if cursor is not None and self._engine.dialect.name == "postgresql":
            with suppress(self._engine.dialect.loaded_dbapi.Error):  # a broken connection has nothing to put back
                cursor.execute("RESET enable_seqscan")
        connection.close()


class _Statement:
    """The statement in the driver's own words, and its values as the driver takes them; made once."""

    def __init__(self, engine: Engine) -> None:
        dialect = engine.dialect
        compiled = _NOTE.compile(dialect=dialect)
        self._driver = dialect.loaded_dbapi
        # SQLite's file does not go away: what it says is told apart by its codes (`shared.messaging.outage`).
        self._away = () if dialect.name == "sqlite" else (self._driver.OperationalError,)
        self._words = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        kinds = {bound.key: bound.type.dialect_impl(dialect) for bound in compiled.binds.values()}
        self._as_taken: dict[str, Callable[[Any], Any]] = {
            name: convert for name, kind in kinds.items() if (convert := kind.bind_processor(dialect)) is not None
        }

    def run(self, cursor: Any, **values: Any) -> bool:
        """Whether the next message is among those noted. Raises the same errors as any other statement."""
        for name, convert in self._as_taken.items():
            values[name] = convert(values[name])
        given = values if self._order is None else [values[name] for name in self._order]
        try:
            cursor.execute(self._words, given)
            return any(is_next for (is_next,) in cursor.fetchall())
        except self._driver.Error as error:
            away = isinstance(error, self._away)
            raise DBAPIError.instance(
                self._words, None, error, self._driver.Error, hide_parameters=True, connection_invalidated=away
            ) from error
