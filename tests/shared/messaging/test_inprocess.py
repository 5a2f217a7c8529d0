"""The in-process broker: marks, purging, threads, and being killed at any moment."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text

from shared.contracts.base import Event
from shared.errors import NotYet
from shared.ids import new_id
from shared.messaging.tables import embedded_marks, embedded_retries, inbox
from shared.service import Loop
from shared.worker import EmbeddedBroker, housekeeping
from tests.shared.messaging.stages import eventually
from tests.shared.messaging.toy import Echoed, Happened, Ignored, Toy, happened
from tests.shared.messaging.victim import THINGS

VICTIM = "tests.shared.messaging.victim"


@pytest.fixture
def toys(tmp_path: Path) -> Iterator[list[Toy]]:
    """A publisher and two listeners."""
    made = [Toy(name, f"sqlite:///{tmp_path}/{name}.sqlite3") for name in ("toy", "alpha", "beta")]
    yield made
    for toy in made:
        toy.engine.dispose()


def broker_of(toys: list[Toy]) -> EmbeddedBroker:
    return EmbeddedBroker([toy.service(listens=toy.name != "toy") for toy in toys])


def test_what_everybody_has_is_purged_and_positions_go_on(toys: list[Toy]) -> None:
    toy, alpha, _beta = toys
    broker = broker_of(toys)
    for number in range(3):
        toy.publish(*happened(new_id(), number))
        broker.run_until_idle()
        assert toy.waiting() == 0
    with toy.engine.connect() as connection:
        marks = connection.execute(select(embedded_marks.c.listener, embedded_marks.c.position)).all()
    assert dict(marks) == {"alpha": 3, "beta": 3}
    assert alpha.numbers() == [0, 1, 2]


def test_an_event_waits_until_its_time_by_the_services_clock(toys: list[Toy]) -> None:
    toy, alpha, beta = toys
    calls: list[int] = []

    def once(_unit: object, _event: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("first")

    alpha.trouble = once
    toy.publish(*happened(new_id(), 1))
    broker = broker_of(toys)
    broker._round()
    broker._round()
    assert beta.numbers() == [1] and alpha.numbers() == [] and toy.waiting() == 1
    alpha.clock.advance(timedelta(seconds=1))
    broker._round()
    assert alpha.numbers() == [1] and toy.waiting() == 0


def test_later_events_of_a_waiting_subject_queue_behind_it_and_others_pass(toys: list[Toy]) -> None:
    toy, alpha, _beta = toys
    stuck, free, ready = new_id(), new_id(), []

    def not_before_ready(_unit: object, event: Happened) -> None:
        if event.thing_id == stuck and not ready:
            raise NotYet("Not known yet.")

    alpha.trouble = not_before_ready
    broker = broker_of(toys)
    for number in range(4):
        toy.publish(*happened(stuck, number), *happened(free, 10 + number))
        broker.run_until_idle()
    assert alpha.numbers() == [10, 11, 12, 13]
    with toy.engine.connect() as connection:
        assert len(connection.execute(select(embedded_retries)).all()) == 4
    ready.append(True)
    broker.run_until_idle()
    assert alpha.numbers(stuck) == [0, 1, 2, 3] and toy.waiting() == 0


def test_answers_of_listeners_reach_whoever_listens_to_them(tmp_path: Path) -> None:
    heard: list[int] = []

    class Hearing(Toy):
        @property
        def handlers(self) -> dict[type[Event], object]:
            return {Echoed: lambda _unit, event: heard.append(event.number)}

    alpha = Toy("alpha", f"sqlite:///{tmp_path}/alpha.sqlite3", echo=True)
    toy = Hearing("toy", f"sqlite:///{tmp_path}/toy.sqlite3")
    toy.publish(*happened(new_id(), 4))
    EmbeddedBroker([toy.service(), alpha.service()]).run_until_idle()
    assert heard == [4]


def test_an_event_gets_its_listener_late(toys: list[Toy], tmp_path: Path) -> None:
    toy, _alpha, _beta = toys
    toy.publish(Ignored(thing_id=new_id()))
    broker_of(toys).run_until_idle()
    assert toy.waiting() == 1
    heard: list[Event] = []

    class Late(Toy):
        @property
        def handlers(self) -> dict[type[Event], object]:
            return {Ignored: lambda _unit, event: heard.append(event)}

    late = Late("alpha", f"sqlite:///{tmp_path}/alpha.sqlite3")
    EmbeddedBroker([toy.service(listens=False), late.service()]).run_until_idle()
    assert len(heard) == 1 and toy.waiting() == 0


def test_loops_run_until_they_have_nothing_more(toys: list[Toy]) -> None:
    toy, alpha, _beta = toys
    left = [3]

    def step() -> bool:
        if left[0]:
            left[0] -= 1
            toy.publish(*happened(THINGS[0], left[0]))
        return left[0] > 0

    toy.loops = (Loop("send", step),)
    broker_of(toys).run_until_idle()
    assert alpha.numbers() == [2, 1, 0]


def test_what_never_ends_is_said_so(toys: list[Toy]) -> None:
    toys[0].loops = (Loop("endless", lambda: True),)
    with pytest.raises(TimeoutError, match="still busy"):
        broker_of(toys).run_until_idle(timeout=0.2)


def test_an_outbox_whose_positions_begin_again_is_refused(toys: list[Toy]) -> None:
    with toys[0].engine.begin() as connection:
        connection.execute(text("DROP TABLE outbox"))
        connection.execute(text("CREATE TABLE outbox (position INTEGER PRIMARY KEY)"))
    with pytest.raises(RuntimeError, match="AUTOINCREMENT"):
        broker_of(toys)


def test_threads_do_the_same_and_stop(toys: list[Toy]) -> None:
    toy, alpha, beta = toys
    broker = broker_of(toys)
    broker.start()
    try:
        for number in range(20):
            toy.publish(*happened(THINGS[0], number))
        with toy.units.begin() as unit:
            unit.schedule("remind", str(THINGS[1]), toy.clock(), {"number": 99})
        eventually(lambda: len(alpha.numbers()) == len(beta.numbers()) == 20 and toy.numbers() == [99])
        assert broker.stalled() == []
    finally:
        assert broker.stop() == []
    assert alpha.numbers() == beta.numbers() == list(range(20))


def test_old_inbox_marks_are_thrown_away_and_young_ones_kept(toys: list[Toy]) -> None:
    toy, alpha, _beta = toys
    toy.publish(*happened(THINGS[0], 1))
    broker_of(toys).run_until_idle()
    alpha.clock.advance(timedelta(days=29))
    assert housekeeping.purge(alpha.units) == 0
    alpha.clock.advance(timedelta(days=2))
    assert housekeeping.purge(alpha.units) == 1
    with alpha.engine.connect() as connection:
        assert connection.execute(select(inbox)).all() == []


def test_killed_again_and_again_nothing_is_lost_doubled_or_out_of_order(tmp_path: Path) -> None:
    each, rounds = 60, 4
    for round_ in range(rounds):
        enough = _handled(tmp_path) + 30
        arguments = ["embedded", str(tmp_path), str(round_ * each), str(each)]
        victim = subprocess.Popen([sys.executable, "-m", VICTIM, *arguments], stdout=subprocess.PIPE)
        if round_ % 2:
            eventually(partial(_has, tmp_path, enough))
        else:
            assert victim.stdout.readline() == b"published\n"
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    toys = [Toy(name, f"sqlite:///{tmp_path}/{name}.sqlite3") for name in ("toy", "alpha", "beta")]
    toys[0].publish(*happened(THINGS[0], -1))
    broker_of(toys).run_until_idle()
    published = sorted({*toys[1].numbers()})
    assert len(published) > each * 2
    for toy in toys[1:]:
        assert sorted(toy.numbers()) == published, "each once, and the same for both"
        for thing in THINGS:
            numbers = [number for number in toy.numbers(thing) if number >= 0]
            assert numbers == sorted(numbers)
    assert toys[0].waiting() == 0
    for toy in toys:
        toy.engine.dispose()


def _has(folder: Path, count: int) -> bool:
    return _handled(folder) >= count


def _handled(folder: Path) -> int:
    """Events that alpha has handled, read without a lock."""
    try:
        with closing(sqlite3.connect(f"file:{folder}/alpha.sqlite3?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM effects").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
