"""The migrations make exactly the tables that the code knows, on either database."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from services.notifications.app import MIGRATIONS
from services.notifications.storage.tables import metadata
from shared import migrations
from shared.database import open_engine


def test_migrations_agree_with_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    assert migrations.is_current(engine, MIGRATIONS)
    migrations.upgrade(engine, MIGRATIONS)
    assert migrations.is_current(engine, MIGRATIONS)
    engine.dispose()


@pytest.mark.parametrize("column", ["session_version", "reminder_minutes"])
def test_the_columns_of_0002_are_there(database_url: str, column: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        assert connection.execute(text(f"SELECT {column} FROM messages")).all() == []  # noqa: S608
    engine.dispose()
