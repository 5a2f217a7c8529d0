"""A unit of work: rows, events and due work together or not at all, and numbers that follow one another."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from shared.contracts.envelope import from_json
from shared.ids import new_id
from shared.messaging.tables import due, outbox
from shared.tracing import Trace, current_trace
from tests.shared.messaging.toy import START, Toy, happened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def toy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Toy]:
    """A service on either database."""
    on_sqlite = request.param == "sqlite"
    made = Toy("toy", f"sqlite:///{tmp_path}/toy.sqlite3" if on_sqlite else request.getfixturevalue("postgres")())
    yield made
    made.engine.dispose()


def outbox_rows(toy: Toy) -> list[object]:
    with toy.engine.connect() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.position)))


def test_events_are_numbered_for_each_subject_from_one(toy: Toy) -> None:
    one, two = new_id(), new_id()
    toy.publish(*happened(one, 10), *happened(two, 20), *happened(one, 11))
    toy.publish(*happened(one, 12))
    found = [(row.subject, row.sequence) for row in outbox_rows(toy)]
    assert found == [(f"thing/{one}", 1), (f"thing/{two}", 1), (f"thing/{one}", 2), (f"thing/{one}", 3)]


def test_a_failed_unit_leaves_no_event_no_due_row_and_no_gap(toy: Toy) -> None:
    thing = new_id()
    with pytest.raises(RuntimeError), toy.units.begin() as unit:
        unit.publish(happened(thing, 1)[0])
        unit.schedule("remind", "k", START)
        raise RuntimeError
    toy.publish(*happened(thing, 2))
    assert [row.sequence for row in outbox_rows(toy)] == [1]
    with toy.engine.connect() as connection:
        assert connection.execute(select(due)).all() == []


def test_what_is_caused_by_an_event_says_so(toy: Toy) -> None:
    thing = new_id()
    toy.publish(*happened(thing, 1))
    cause = from_json(outbox_rows(toy)[0].body)
    with toy.units.begin(cause=cause) as unit:
        unit.publish(happened(thing, 2)[0])
    effect = from_json(outbox_rows(toy)[1].body)
    assert effect.causationid == str(cause.id) and effect.correlationid == cause.correlationid


def test_what_is_caused_by_a_request_carries_its_trace(toy: Toy) -> None:
    token = current_trace.set(Trace("request-1", None, "00-abc-def-01"))
    try:
        toy.publish(*happened(new_id(), 1))
    finally:
        current_trace.reset(token)
    envelope = from_json(outbox_rows(toy)[0].body)
    assert (envelope.correlationid, envelope.traceparent) == ("request-1", "00-abc-def-01")


def test_somebody_is_told_after_the_commit_and_only_then(toy: Toy) -> None:
    heard: list[int] = []
    toy.units.on_published = lambda: heard.append(len(outbox_rows(toy)))
    toy.publish(*happened(new_id(), 1))
    with toy.units.begin():
        pass
    assert heard == [1]


def test_units_side_by_side_never_share_a_number(toy: Toy) -> None:
    thing, ready = new_id(), threading.Barrier(4)

    def work() -> None:
        ready.wait()
        for number in range(10):
            toy.publish(*happened(thing, number))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.sequence for row in outbox_rows(toy)] == list(range(1, 41))


def test_emptied_positions_are_not_used_again(toy: Toy) -> None:
    toy.publish(*happened(new_id(), 1, 2, 3))
    last = outbox_rows(toy)[-1].position
    with toy.engine.begin() as connection:
        connection.execute(outbox.delete())
    toy.publish(*happened(new_id(), 4))
    assert outbox_rows(toy)[0].position > last
