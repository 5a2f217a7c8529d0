"""Ready or not, and why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared import probes
from shared.database import open_engine
from shared.ids import new_id
from tests.shared.messaging.toy import Ignored, Toy, happened


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    """A service whose migrations are said to be current."""
    monkeypatch.setattr("shared.migrations.is_current", lambda _engine, package: package == "current")
    made = Toy("toy", f"sqlite:///{tmp_path}/toy.sqlite3")
    yield made
    made.engine.dispose()


def test_all_is_well(toy: Toy) -> None:
    readiness = probes.of_web(toy.engine, "current", toy.clock)
    assert (readiness.ready, readiness.status) == (True, "ready")
    assert set(readiness.document()["checks"].values()) == {"ok"}


def test_a_database_that_is_not_up_to_date_is_not_ready(toy: Toy) -> None:
    readiness = probes.of_web(toy.engine, "old", toy.clock)
    assert not readiness.ready and "run migrate" in readiness.document()["checks"]["migrations"]


def test_a_database_that_does_not_answer_is_not_ready_and_gives_nothing_away(tmp_path: Path, toy: Toy) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/nowhere/x.sqlite3")
    readiness = probes.of_web(engine, "current", toy.clock)
    assert readiness.document() == {
        "status": "unready",
        "checks": {"database": "does not answer: OperationalError"},
    }


def test_an_old_outbox_troubles_the_worker_and_not_the_visitors(toy: Toy) -> None:
    toy.publish(*happened(new_id(), 1))
    toy.clock.advance(timedelta(minutes=6))
    web = probes.of_web(toy.engine, "current", toy.clock)
    assert (web.ready, web.status) == (True, "degraded")
    assert web.document()["checks"]["outbox"] == "the oldest event has waited 360 s"
    assert probes.checks(lambda: web)()["outbox"] is None

    class Service:
        units, migrations, clock = toy.units, "current", toy.clock

    assert not probes.of_worker(Service(), None).ready


def test_what_an_operator_should_look_at_degrades(toy: Toy) -> None:
    from shared.worker import EmbeddedBroker

    toy.trouble = lambda _unit, _event: 1 / 0
    toy.publish(*happened(new_id(), 1), Ignored(thing_id=new_id()))
    EmbeddedBroker([toy.service()]).run_until_idle()
    readiness = probes.of_web(toy.engine, "current", toy.clock)
    assert (readiness.ready, readiness.status) == (True, "degraded")
    assert readiness.document()["checks"]["dead_letters"] == "1 events parked"
    assert readiness.document()["checks"]["unroutable"] == "1 events that nobody listens to"


def test_a_broker_that_is_away_makes_a_worker_unready(toy: Toy) -> None:
    class Service:
        units, migrations, clock = toy.units, "current", toy.clock

    readiness = probes.of_worker(Service(), "amqp://nobody:x@127.0.0.1:1/")
    assert not readiness.ready and "does not answer" in readiness.document()["checks"]["broker"]
    assert "nobody" not in str(readiness.document())


@pytest.mark.rabbit
def test_a_broker_that_answers_is_fine(rabbit: str, toy: Toy) -> None:
    class Service:
        units, migrations, clock = toy.units, "current", toy.clock

    assert probes.of_worker(Service(), rabbit).status == "ready"
