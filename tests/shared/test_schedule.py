"""Due rows run when their time has come, once, and a failing one holds up nobody."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.ids import new_id
from shared.messaging import dead_letters
from shared.messaging.backlog import read_backlog
from shared.messaging.tables import due
from shared.schedule import Schedule
from tests.shared.messaging.toy import START, Toy

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def toy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Toy]:
    """A service on either database, with a clock that the test moves."""
    on_sqlite = request.param == "sqlite"
    made = Toy("toy", f"sqlite:///{tmp_path}/toy.sqlite3" if on_sqlite else request.getfixturevalue("postgres")())
    yield made
    made.engine.dispose()


def schedule_of(toy: Toy) -> Schedule[object]:
    return Schedule(toy.units, toy.service().due_handlers)


def put(toy: Toy, number: int, *, key: object = None, after: timedelta = MINUTE) -> None:
    with toy.units.begin() as unit:
        unit.schedule("remind", str(key or new_id()), toy.clock() + after, {"number": number})


def run_all(schedule: Schedule[object]) -> int:
    count = 0
    while schedule.run_next():
        count += 1
    return count


def rows(toy: Toy) -> list[object]:
    with toy.engine.connect() as connection:
        return list(connection.execute(select(due)))


def test_nothing_runs_before_its_time_and_everything_after(toy: Toy) -> None:
    put(toy, 1)
    put(toy, 2, after=2 * MINUTE)
    schedule = schedule_of(toy)
    assert run_all(schedule) == 0
    toy.clock.advance(MINUTE)
    assert run_all(schedule) == 1
    toy.clock.advance(MINUTE)
    assert run_all(schedule) == 1
    assert toy.numbers() == [1, 2] and rows(toy) == []


def test_scheduling_again_moves_and_cancelling_takes_away(toy: Toy) -> None:
    thing, other = new_id(), new_id()
    put(toy, 1, key=thing)
    put(toy, 2, key=thing, after=5 * MINUTE)
    put(toy, 3, key=other)
    with toy.units.begin() as unit:
        unit.cancel("remind", str(other))
    toy.clock.advance(4 * MINUTE)
    assert run_all(schedule_of(toy)) == 0
    toy.clock.advance(MINUTE)
    run_all(schedule_of(toy))
    assert toy.numbers() == [2]


def test_a_handler_may_put_the_same_row_on_the_clock_again(toy: Toy) -> None:
    thing = new_id()
    put(toy, 1, key=thing)
    toy.due_trouble = lambda unit, row: unit.schedule(row.kind, row.key, row.due_at + MINUTE, {"number": 2})
    toy.clock.advance(MINUTE)
    assert run_all(schedule_of(toy)) == 1
    assert [row.due_at for row in rows(toy)] == [START + 2 * MINUTE]


def test_a_failing_row_backs_off_stays_and_blocks_nobody(toy: Toy) -> None:
    bad, good = new_id(), new_id()
    put(toy, 1, key=bad)
    put(toy, 2, key=good, after=MINUTE * 1.5)

    def fail(_unit: object, row: object) -> None:
        if row.key == str(bad):
            raise ValueError("zoe@example.org is not welcome")

    toy.due_trouble = fail
    schedule = schedule_of(toy)
    toy.clock.advance(2 * MINUTE)
    assert run_all(schedule) == 2
    assert toy.numbers() == [2]
    waits = []
    for _ in range(5):
        (row,) = rows(toy)
        waits.append((row.next_at - toy.clock()).total_seconds())
        toy.clock.set(row.next_at)
        run_all(schedule)
    (row,) = rows(toy)
    assert waits == [1, 10, 60, 600, 3600]
    assert row.attempts == 6 and row.due_at == START + MINUTE
    assert row.last_error.startswith("ValueError at") and "zoe" not in row.last_error
    assert read_backlog(toy.engine, toy.clock()).failing == 1
    (letter,) = dead_letters.list_letters(toy.engine)
    assert (letter.listener, letter.type, letter.attempts) == ("clock", "remind", 6)
    toy.due_trouble = lambda _unit, _row: None
    assert dead_letters.request_replay(toy.engine, [letter.id], toy.clock()) == 1
    assert run_all(schedule) == 1 and toy.numbers() == [2, 1]


def test_an_error_found_only_at_the_commit_counts_as_the_rows_too(toy: Toy) -> None:
    put(toy, 1)
    toy.due_trouble = lambda unit, _row: unit.publish(object())
    toy.clock.advance(MINUTE)
    assert schedule_of(toy).run_next() is True
    assert rows(toy)[0].attempts == 1 and toy.numbers() == []


def test_a_kind_without_handler_waits_for_the_version_that_has_one(toy: Toy) -> None:
    with toy.units.begin() as unit:
        unit.schedule("unheard-of", "k", START)
    assert schedule_of(toy).run_next() is True
    assert rows(toy)[0].last_error.startswith("LookupError")


def test_several_workers_run_each_row_once(toy: Toy) -> None:
    for number in range(40):
        put(toy, number)
    toy.clock.advance(MINUTE)
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        run_all(schedule_of(toy))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run_all(schedule_of(toy))
    assert sorted(toy.numbers()) == list(range(40)) and rows(toy) == []


def test_a_database_that_is_away_is_not_the_rows_fault(toy: Toy) -> None:
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    put(toy, 1)
    toy.clock.advance(MINUTE)

    def away(_unit: object, _row: object) -> None:
        raise PoolTimeout("away")

    toy.due_trouble = away
    with pytest.raises(PoolTimeout):
        schedule_of(toy).run_next()
    assert rows(toy)[0].attempts == 0
