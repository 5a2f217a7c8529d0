"""Whole workers: killed again and again as processes, and with the broker or the database restarted under them."""

import json
import logging
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError

import pytest

from shared.ids import new_id
from shared.timekeeping import system_clock
from shared.worker import run_worker
from tests.servers.plugin import MakeDatabase
from tests.servers.postgres import PostgresProcess
from tests.servers.processes import free_ports
from tests.servers.rabbit import RabbitProcess
from tests.shared.messaging.stages import eventually
from tests.shared.messaging.toy import Toy, happened

pytestmark = [pytest.mark.rabbit, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.migrations.is_current", lambda _engine, _package: True)


@contextmanager
def workers(broker: str, *toys: Toy, **env: str) -> Iterator[None]:
    """A worker in a thread for each service; `toy` only publishes."""
    stop, threads = threading.Event(), []
    for toy in toys:
        service = toy.service(listens=toy.name != "toy")
        options = {"env": env, "listeners": ("alpha",)}
        threads.append(threading.Thread(target=run_worker, args=(service, broker, stop), kwargs=options))
        threads[-1].start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)


@pytest.fixture
def toys(postgres: MakeDatabase) -> Iterator[tuple[Toy, Toy]]:
    """A publisher and a listener on PostgreSQL."""
    made = Toy("toy", postgres(), system_clock), Toy("alpha", postgres(), system_clock)
    yield made
    for toy in made:
        toy.engine.dispose()


def test_a_worker_moves_events_keeps_the_clock_and_tells_how_it_is(rabbit: str, toys: tuple[Toy, Toy]) -> None:
    toy, alpha = toys
    thing = new_id()
    with alpha.units.begin() as unit:
        unit.schedule("remind", str(thing), system_clock(), {"number": 7})
    port = free_ports(1)[0]
    with workers(rabbit, toy), workers(rabbit, alpha, HEARTH_WORKER_PORT=str(port)):
        toy.publish(*happened(thing, 1, 2, 3))
        eventually(lambda: sorted(alpha.numbers()) == [1, 2, 3, 7] and toy.waiting() == 0)
        assert _get(port, "/health/live")[1] == {"status": "ok", "stalled": []}
        status, document = _get(port, "/health/ready")
        assert (status, document["status"], document["checks"]["broker"]) == (200, "ready", "ok")
        assert _get(port, "/nothing")[0] == 404
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert b'hearth_events_consumed_total{outcome="done",type="toy.happened"} 3.0' in answer.read()


def _get(port: int, path: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)


def test_workers_killed_again_and_again_lose_and_double_nothing(rabbit: str, toys: tuple[Toy, Toy]) -> None:
    toy, alpha = toys
    things = [new_id() for _ in range(5)]
    rounds, each = 4, 100

    def start(one: Toy) -> "subprocess.Popen[bytes]":
        url = one.engine.url.render_as_string(hide_password=False)
        return subprocess.Popen(
            [sys.executable, "-m", "tests.shared.messaging.victim", "worker", one.name, url, rabbit]
        )

    processes = {one.name: start(one) for one in toys}
    try:
        for round_ in range(rounds):
            for number in range(round_ * each, round_ * each + each):
                toy.publish(*happened(things[number % 5], number))
            eventually(lambda: len(alpha.numbers()) > round_ * each + 5, 60)  # noqa: B023
            for one in toys:
                processes[one.name].kill()
                processes[one.name].wait()
                processes[one.name] = start(one)
        eventually(lambda: len(alpha.numbers()) >= rounds * each and toy.waiting() == 0, 60)
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
    assert sorted(alpha.numbers()) == list(range(rounds * each))
    for index, thing in enumerate(things):
        assert alpha.numbers(thing) == list(range(index, rounds * each, 5))


def test_a_worker_stops_when_told_and_takes_its_time_for_what_is_in_hand(rabbit: str, toys: tuple[Toy, Toy]) -> None:
    toy, alpha = toys
    begun, go_on = threading.Event(), threading.Event()

    def long(_unit: object, _event: object) -> None:
        begun.set()
        assert go_on.wait(20)

    alpha.trouble = long
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(alpha.service(), rabbit, stop), kwargs={"env": {}})
    thread.start()
    try:
        with workers(rabbit, toy):
            toy.publish(*happened(new_id(), 1))
            assert begun.wait(30)
    finally:
        stop.set()
        go_on.set()
        thread.join(30)
    assert not thread.is_alive() and alpha.numbers() == [1]


def test_the_broker_killed_and_started_again(own_rabbit: RabbitProcess, toys: tuple[Toy, Toy]) -> None:
    toy, alpha = toys
    thing = new_id()
    with workers(own_rabbit.url, toy, alpha):
        toy.publish(*happened(thing, *range(50)))
        eventually(lambda: len(alpha.numbers()) == 50)
        own_rabbit.kill()
        for number in range(50, 100):
            toy.publish(*happened(thing, number))
        own_rabbit.start()
        toy.publish(*happened(thing, 100))
        eventually(lambda: len(alpha.numbers()) == 101 and toy.waiting() == 0, 60)
    assert alpha.numbers() == list(range(101))


def test_the_database_killed_and_started_again(own_postgres: PostgresProcess, rabbit: str) -> None:
    from tests.servers.postgres import Postgres

    server = Postgres(own_postgres.url)
    toy, alpha = (Toy(name, server.create(), system_clock) for name in ("toy", "alpha"))
    thing = new_id()
    with workers(rabbit, toy, alpha):
        toy.publish(*happened(thing, *range(300)))
        eventually(lambda: len(alpha.numbers()) > 100)
        own_postgres.kill()
        own_postgres.start()
        toy.publish(*happened(thing, 300))
        eventually(lambda: len(alpha.numbers()) == 301 and toy.waiting() == 0, 60)
        assert alpha.letters() == []
    assert alpha.numbers() == list(range(301))
    for one in (toy, alpha):
        one.engine.dispose()


def test_a_broker_that_is_away_is_said_once_and_not_every_second(
    toys: tuple[Toy, Toy], caplog: pytest.LogCaptureFixture
) -> None:
    toy, _alpha = toys
    toy.publish(*happened(new_id(), 1))
    with caplog.at_level(logging.WARNING), workers("amqp://nobody:secret@127.0.0.1:1/", toy):
        eventually(lambda: sum("relay could not go on" in line for line in caplog.messages) == 2)
    assert "secret" not in caplog.text and toy.waiting() == 1
