"""Migrations: one alembic environment per service, driven from code, on either database."""

from importlib import resources
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from shared.database import UtcDateTime

# Any number that no other program uses: two processes that start together must not migrate together.
_ADVISORY_LOCK = 7_204_118_233


def _config(package: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files(package)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, package: str) -> None:
    """Bring the database up to the newest migration of `package`; does nothing when it already is."""
    if is_current(engine, package):
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Whoever comes second waits for the first one to finish, and then finds nothing left to do.
            connection.execute(text("SET LOCAL lock_timeout = '5min'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            # A migration that cannot get its lock gives up rather than making every visitor wait behind it.
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        command.upgrade(_config(package, connection), "head")


def is_current(engine: Engine, package: str) -> bool:
    """Whether the database has every migration of `package`."""
    head = ScriptDirectory.from_config(_config(package)).get_current_head()
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def run_environment(metadata: MetaData) -> None:
    """The whole of a service's `env.py`: run on the connection that `upgrade` handed over."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as plain ones, so that an old migration never depends on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False
