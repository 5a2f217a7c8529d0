"""Migrations: one alembic environment per service, driven from code, on either database.

Alembic is imported where there is something to migrate: every start asks whether there is, and mostly there is not.
"""

from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, Engine, MetaData, inspect, text

from shared.database import UtcDateTime

if TYPE_CHECKING:
    from alembic.config import Config

# Any number that no other program uses: two processes that start together must not migrate together.
_ADVISORY_LOCK = 7_204_118_233


def _config(package: str, connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files(package)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, package: str) -> None:
    """Bring the database up to the newest migration of `package`; does nothing when it already is."""
    if is_current(engine, package):
        return
    from alembic import command

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
    with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return newest(package) in connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()


def newest(package: str) -> str:
    """The number of the newest migration of `package`: they are numbered without a gap, and their files so named."""
    files = resources.files(package).joinpath("versions").iterdir()
    return max(number for file in files if (number := file.name.partition("_")[0]).isdigit())


def run_environment(metadata: MetaData) -> None:
    """The whole of a service's `env.py`: run on the connection that `upgrade` handed over."""
    from alembic import context

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
