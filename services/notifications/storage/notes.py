"""What a sender notes just before each final dot: one statement and one commit, on a connection that it keeps.

This is all that the database is asked for every single message, so it goes past units of work and the object mapper.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, bindparam, case, or_, update

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
            noted = set(self._connection.execute(_NOTE, values).scalars())
            self._connection.commit()
        except BaseException:
            self.close()
            raise
        return message[0] in noted

    def close(self) -> None:
        """Let go of the connection; the next note opens another one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
