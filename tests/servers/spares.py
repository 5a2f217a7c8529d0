"""Databases that tests hand on to one another, emptied: making one takes PostgreSQL half a second, emptying a few
hundredths."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.servers.postgres import Postgres, plain

_SHAPE = """
SELECT md5(string_agg(c.relname || '.' || a.attname || ':' || a.atttypid || a.attnotnull, ',' ORDER BY 1))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'public'::regnamespace
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_MOVED = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


@dataclass
class _Kind:
    """What a database of one template looks like, and those that wait to be used again."""

    shape: str = ""
    first_rows: dict[str, bytes] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)


class Spares:
    """The databases of one worker, by the key of their template."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._kinds: dict[str, _Kind] = defaultdict(_Kind)

    def take(self, key: str, make: Callable[[], str]) -> str:
        """One that looks as `make` makes it."""
        kind = self._kinds[key]
        if kind.waiting:
            return kind.waiting.pop()
        url = make()
        if not kind.shape:
            with psycopg.connect(plain(url)) as connection:
                kind.shape, kind.first_rows = _shape(connection), _rows(connection)
        return url

    def give_back(self, key: str, url: str) -> None:
        """Empty it for the next test. One whose tables a test has changed is dropped."""
        kind = self._kinds[key]
        try:
            with psycopg.connect(plain(url)) as connection:
                connection.execute(_OTHERS)
                if _shape(connection) == kind.shape:
                    _empty(connection, kind.first_rows)
                    kind.waiting.append(url)
                    return
        except psycopg.Error:
            pass  # whatever a test did to it, nobody else has to meet it
        self._postgres.drop(url)

    def end(self) -> None:
        """Drop them all."""
        for kind in self._kinds.values():
            while kind.waiting:
                self._postgres.drop(kind.waiting.pop())


def _shape(connection: psycopg.Connection) -> str:
    found = connection.execute(_SHAPE).fetchone()
    return str(found[0]) if found else ""


def _filled(connection: psycopg.Connection) -> list[str]:
    """The tables that have rows."""
    names = [row[0] for row in connection.execute(_TABLES)]
    parts = [sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(name, sql.Identifier(name)) for name in names]
    return [row[0] for row in connection.execute(sql.SQL(" UNION ALL ").join(parts))] if parts else []


def _rows(connection: psycopg.Connection) -> dict[str, bytes]:
    """The rows of every table that has some."""
    found = {}
    for name in _filled(connection):
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
            found[name] = b"".join(bytes(part) for part in copy)
    return found


def _empty(connection: psycopg.Connection, first_rows: dict[str, bytes]) -> None:
    filled = set(_filled(connection)) | set(first_rows)
    if filled:
        # Triggers of foreign keys are off, so that rows may go and come in any order.
        connection.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        for name, rows in first_rows.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                copy.write(rows)
    for (name,) in connection.execute(_MOVED).fetchall():
        connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)))
