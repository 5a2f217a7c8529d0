"""Migrations: to the newest from nothing, once, also when two processes start together, on either database."""

import threading
from importlib import resources
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError

from shared import migrations
from shared.database import open_engine

PACKAGES = [f"services.{name}.storage.migrations" for name in ("applications", "cohorts", "notifications")]
PACKAGE = PACKAGES[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres")())
    return f"sqlite:///{tmp_path}/x.sqlite3"


def at_work(url: str) -> Engine:
    return open_engine(url)


@pytest.mark.parametrize("package", PACKAGES)
def test_from_nothing_to_the_newest_and_no_further(url: str, package: str) -> None:
    engine = at_work(url)
    assert not migrations.is_current(engine, package)
    migrations.upgrade(engine, package)
    assert migrations.is_current(engine, package)
    tables = set(inspect(engine).get_table_names())
    assert {"outbox", "inbox", "due", "dead_letters", "idempotency_keys"} <= tables
    migrations.upgrade(engine, package)
    assert set(inspect(engine).get_table_names()) == tables
    engine.dispose()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_files_say_which_migration_is_the_newest(package: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.files(package)))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.newest(package)]


def test_two_processes_that_start_together_both_find_it_done(url: str) -> None:
    ready, problems = threading.Barrier(2), []

    def start() -> None:
        engine = at_work(url)
        ready.wait(timeout=60)
        try:
            migrations.upgrade(engine, PACKAGE)
            assert migrations.is_current(engine, PACKAGE)
        except Exception as error:
            problems.append(error)
        engine.dispose()

    starts = [threading.Thread(target=start) for _ in range(2)]
    for each in starts:
        each.start()
    for each in starts:
        each.join(timeout=120)
    assert problems == []


@pytest.mark.postgres
def test_a_migration_waits_for_the_one_at_work_and_not_for_a_visitor(postgres) -> None:  # type: ignore[no-untyped-def]
    engine = open_engine(postgres())
    seen: list[str] = []
    began = threading.Event()

    def second() -> None:
        other = open_engine(engine.url.render_as_string(hide_password=False))
        began.set()
        migrations.upgrade(other, PACKAGE)
        seen.append("done")
        other.dispose()

    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": migrations._ADVISORY_LOCK})
        waiting = threading.Thread(target=second)
        waiting.start()
        began.wait(timeout=30)
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with engine.connect() as looking:
            while waiting.is_alive() and looking.scalar(text(waits)) == 0:
                looking.rollback()
        assert seen == []
    waiting.join(timeout=60)
    assert seen == ["done"] and migrations.is_current(engine, PACKAGE)
    engine.dispose()


def test_a_failure_leaves_nothing_half_done(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = at_work(url)

    def fails(*_: object) -> None:
        raise OperationalError("CREATE", {}, Exception("disk full"))

    from alembic.runtime.migration import MigrationContext

    with monkeypatch.context() as patched:
        patched.setattr(MigrationContext, "_ensure_version_table", fails)
        with pytest.raises(OperationalError):
            migrations.upgrade(engine, PACKAGE)
    assert inspect(engine).get_table_names() == []
    migrations.upgrade(engine, PACKAGE)
    assert migrations.is_current(engine, PACKAGE)
    engine.dispose()
