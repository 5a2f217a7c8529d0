"""Tells a database that is away or busy from an event that cannot be handled: only the latter is the event's fault."""

import sqlite3

from sqlalchemy import exc

_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
# Connection, insufficient resources, operator's intervention, system error; serialisation failure and deadlock (40);
# lock not available (55P03) and a statement given up at its time limit (57014, within 57).
_POSTGRES_AWAY = ("08", "53", "57", "58", "40", "55P03")


class Outage(Exception):
    """The listener's database is away: the same deliveries come again later, and nobody counts it against them."""


def is_outage(error: BaseException) -> bool:
    """Whether the error says that the database is away, full or busy, rather than that a statement is wrong."""
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    original = error.orig
    if isinstance(original, sqlite3.OperationalError):
        # The low byte is the code; the rest says which kind of it.
        return (getattr(original, "sqlite_errorcode", 0) or 0) & 0xFF in _SQLITE_AWAY
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        state = getattr(original, "sqlstate", None)
        return state is None or state.startswith(_POSTGRES_AWAY)
    return False
