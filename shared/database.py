"""One way to open a database, whichever of the two it is: PostgreSQL for a platform, SQLite for one machine."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    any_,
    create_engine,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")
"""JSON column type: JSONB on PostgreSQL."""


def new_metadata() -> MetaData:
    """Metadata whose constraints have names, so that migrations can speak of them."""
    return MetaData(naming_convention=NAMING)


def insert_or(session: Session, table: Any) -> Any:
    """INSERT of the session's database, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def one_of(session: Session | Connection, column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether the column is one of these values, which may be many.

    PostgreSQL gets them as one array: the statement is then the same for any number of them, so that nobody has to put
    it together, take it apart and plan it anew each time.
    """
    bind = session.get_bind() if isinstance(session, Session) else session
    if bind.dialect.name != "postgresql":
        return column.in_(list(values))  # type: ignore[no-any-return]
    return column == any_(literal(list(values), postgresql.ARRAY(column.type)))  # type: ignore[no-any-return]


def upsert(session: Session, table: Table, values: dict[str, Any]) -> None:
    """One row, new or in place of the one with its primary key, in one statement."""
    session.execute(_upsert(session.get_bind().dialect.name, table, tuple(values)), values)


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Any:
    # Made once: putting such a statement together costs as much as running it.
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    keys = [column.key for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC. SQLite forgets zones, so they are put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes: a moment without a zone is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored datetime must carry its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_engine(url: str, *, pool_size: int = 5) -> Engine:
    """An engine for `url` (sqlite:///path or postgresql+psycopg://...), set up for safety first.

    What people typed never appears in the texts of its errors (`hide_parameters`): those end up in logs.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, pool_size)
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=10s"},
    )


def _open_sqlite(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4 * pool_size,
        hide_parameters=True,
        connect_args={"timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver's own transaction handling begins too late and commits too early: we say BEGIN ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        # FULL: what a receipt promises must survive a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that turns writer can deadlock in SQLite, so writers take the lock at once.
        mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
