"""What a sender notes just before each final dot: one statement and one commit, on a connection that it keeps.

This is all that the database is asked for every single message. It goes past units of work and the object mapper, and
past the expression language where the driver takes values as they are: that costs more than the statement itself.
"""

from contextlib import closing
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, bindparam, case, or_, update
from sqlalchemy.exc import DBAPIError

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow

_TABLE: Any = MessageRow.__table__
_IS_NEXT = _TABLE.c.id == bindparam("next_id")
_NEXT = and_(_IS_NEXT, _TABLE.c.lease == bindparam("next_lease"), _TABLE.c.state == State.SENDING.value)
_LAST = and_(
    _TABLE.c.id == bindparam("last_id"),
    _TABLE.c.lease == bindparam("last_lease"),
    _TABLE.c.state == State.HANDED.value,
)
_NOTE = (
    update(_TABLE)
    .where(or_(_NEXT, _LAST))
    .values(
        state=case((_IS_NEXT, State.HANDED.value), else_=State.SENT.value),
        handed_at=case((_IS_NEXT, bindparam("now", type_=_TABLE.c.handed_at.type)), else_=_TABLE.c.handed_at),
        # The message before keeps its lease until the other services are told of it.
        lease_until=case((_IS_NEXT, bindparam("until", type_=_TABLE.c.lease_until.type)), else_=_TABLE.c.lease_until),
    )
    .returning(_TABLE.c.id)
)

Leased = tuple[UUID, UUID]
"""A message and the lease under which a sender has it."""


class Notes:
    """One sender's notes, on one thread."""

    def __init__(self, engine: Engine) -> None:
        # Each note is a transaction of one statement: begun and committed by the database itself, in one round trip.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._plain = _Plain(engine) if engine.dialect.driver == "psycopg" else None

    def hand(self, message: Leased, now: datetime, until: datetime, last: Leased | None) -> bool:
        """Commit that this message is about to be handed over, and that the server took the `last` one; whether this
        message was still ours. Raises what a database that is away raises."""
        if self._connection is None:
            self._connection = self._engine.connect()
        last_id, last_lease = last or message
        values = {
            "next_id": message[0], "next_lease": message[1], "last_id": last_id, "last_lease": last_lease,
            "now": now, "until": until,
        }  # fmt: skip
        try:
            noted = self._plain.run(self._connection, values) if self._plain else _run(self._connection, values)
        except BaseException:
            self._connection.invalidate()
            self.close()
            raise
        return message[0] in noted

    def close(self) -> None:
        """Let go of the connection; the next note opens another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _run(connection: Connection, values: dict[str, Any]) -> set[UUID]:
    noted = set(connection.execute(_NOTE, values).scalars())
    connection.commit()
    return noted


class _Plain:
    """The statement in the driver's own words, made once."""

    def __init__(self, engine: Engine) -> None:
        compiled, self._driver = _NOTE.compile(engine), engine.dialect.loaded_dbapi
        self._words, self._fixed = str(compiled), dict(compiled.params)

    def run(self, connection: Connection, values: dict[str, Any]) -> set[UUID]:
        """The ids of the messages that were noted. Raises the same errors as any other statement."""
        try:
            with closing(connection.connection.cursor()) as cursor:
                cursor.execute(self._words, {**self._fixed, **values})
                return {found for (found,) in cursor.fetchall()}
        except self._driver.Error as error:
            away = isinstance(error, self._driver.OperationalError)
            raise DBAPIError.instance(
                self._words, None, error, self._driver.Error, hide_parameters=True, connection_invalidated=away
            ) from error
