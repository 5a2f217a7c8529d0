"""The migrations and the tables say the same, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from services.cohorts.app import MIGRATIONS
from services.cohorts.storage.tables import metadata
from shared import migrations
from shared.database import open_engine


def test_migrations_make_exactly_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    assert migrations.is_current(engine, MIGRATIONS)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
