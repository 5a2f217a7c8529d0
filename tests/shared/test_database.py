"""Both databases are opened for safety first, and their errors say nothing of what people typed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, MetaData, String, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from shared.database import Json, UtcDateTime, new_metadata, open_engine

metadata = new_metadata()
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(60), unique=True),
    Column("seen_at", UtcDateTime),
    Column("notes", Json),
    Column("friend_id", Integer, ForeignKey("people.id")),
)
NOON = datetime(2027, 7, 1, 12, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = request.getfixturevalue("postgres")() if request.param == "postgres" else f"sqlite:///{tmp_path}/x.sqlite3"
    opened = open_engine(url)
    metadata.create_all(opened)
    yield opened
    opened.dispose()


def test_moments_come_back_in_utc(engine: Engine) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=4, minutes=30)))
    with engine.begin() as connection:
        connection.execute(insert(people), [{"id": 1, "seen_at": there}, {"id": 2, "seen_at": None}])
        found = connection.scalars(select(people.c.seen_at).order_by(people.c.id)).all()
    assert found == [NOON, None] and found[0].utcoffset() == timedelta(0)
    with engine.connect() as connection:
        same = select(people.c.id).where(people.c.seen_at == there)
        assert connection.scalars(same).all() == [1]


def test_a_moment_without_its_zone_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(people).values(seen_at=datetime(2027, 1, 1)))


def test_errors_do_not_repeat_what_was_typed(engine: Engine) -> None:
    def add() -> None:
        with engine.begin() as connection:
            connection.execute(insert(people).values(email="noor@example.org", notes={"fear": "SECRET-ANSWER"}))

    add()
    with pytest.raises(IntegrityError) as error:
        add()
    assert "SECRET-ANSWER" not in str(error.value) and "[SQL parameters hidden" in str(error.value)


def test_values_are_never_part_of_the_statement(engine: Engine) -> None:
    hostile = "'; DROP TABLE people; --"
    with engine.begin() as connection:
        connection.execute(insert(people).values(email=hostile, notes={"x": [hostile, None, 1.5, True]}))
        assert connection.scalars(select(people.c.email).where(people.c.email == hostile)).all() == [hostile]
        assert connection.scalar(select(people.c.notes)) == {"x": [hostile, None, 1.5, True]}


def test_references_hold(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(people).values(id=1, friend_id=99))


def test_constraints_have_names_that_migrations_can_speak_of(engine: Engine) -> None:
    found = inspect(engine)
    assert found.get_foreign_keys("people")[0]["name"] == "fk_people_friend_id_people"
    assert found.get_unique_constraints("people")[0]["name"] == "uq_people_email"
    assert new_metadata() is not new_metadata() and isinstance(new_metadata(), MetaData)


def test_sqlite_keeps_what_it_promised(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.sqlite3")
    with engine.connect() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_sqlite_writer_takes_the_lock_at_once_and_readers_go_on(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.sqlite3")
    metadata.create_all(engine)
    other = open_engine(f"sqlite:///{tmp_path}/x.sqlite3")
    with engine.begin(), other.execution_options(sqlite_begin="DEFERRED").connect() as reader:
        assert reader.scalars(select(people.c.id)).all() == []
        reader.rollback()
        reader.connection.driver_connection.execute("PRAGMA busy_timeout=1")  # type: ignore[union-attr]
        with pytest.raises(OperationalError, match="locked"):
            reader.execute(insert(people).values(id=1))
    for each in (engine, other):
        each.dispose()


@pytest.mark.postgres
def test_postgres_gives_up_waiting_and_speaks_utc(postgres) -> None:  # type: ignore[no-untyped-def]
    engine = open_engine(postgres())
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
    engine.dispose()
