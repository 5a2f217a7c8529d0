"""The relay on PostgreSQL: order with several of them, rows that stay, and being woken."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from shared.contracts.envelope import from_json
from shared.ids import new_id
from shared.messaging.relay import Outgoing, Relay, Unreachable
from shared.messaging.tables import outbox
from shared.worker.relaying import Notifications
from tests.servers.plugin import MakeDatabase
from tests.shared.messaging.toy import Ignored, Toy, happened

pytestmark = pytest.mark.postgres


class Paper:
    """A publisher that writes down what it gets."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.answer: dict[str, str] = {}
        self._lock = threading.Lock()

    def publish_batch(self, rows: Sequence[Outgoing]) -> Mapping[UUID, str]:
        """Takes everything but the types in `answer`."""
        with self._lock:
            self.sent += [row for row in rows if row.type not in self.answer]
        return {row.id: self.answer[row.type] for row in rows if row.type in self.answer}


@pytest.fixture
def toy(postgres: MakeDatabase) -> Iterator[Toy]:
    """A publisher on PostgreSQL."""
    made = Toy("toy", postgres())
    yield made
    made.engine.dispose()


def drain(relay: Relay) -> None:
    while relay.step():
        pass


def test_a_row_leaves_when_it_has_arrived(toy: Toy) -> None:
    paper = Paper()
    toy.publish(*happened(new_id(), *range(700)))
    relay = Relay(toy.engine, paper, toy.clock)
    assert relay.step() is True
    assert relay.step() is False
    assert len(paper.sent) == 700 and toy.waiting() == 0


def test_what_did_not_arrive_stays_with_the_reason_and_goes_later(toy: Toy) -> None:
    paper = Paper()
    paper.answer = {"toy.ignored": "unroutable"}
    relay = Relay(toy.engine, paper, toy.clock)
    toy.publish(Ignored(thing_id=new_id()), *happened(new_id(), 1))
    drain(relay)
    with toy.engine.connect() as connection:
        (row,) = connection.execute(select(outbox)).all()
    assert (row.type, row.problem, row.retry_at) == ("toy.ignored", "unroutable", toy.clock() + timedelta(seconds=10))
    paper.answer = {}
    drain(relay)
    assert toy.waiting() == 1
    toy.clock.advance(timedelta(seconds=10))
    drain(relay)
    assert toy.waiting() == 0


def test_what_was_refused_is_tried_again_before_later_events(toy: Toy) -> None:
    paper = Paper()
    paper.answer = {"toy.happened": "nacked"}
    relay = Relay(toy.engine, paper, toy.clock)
    thing = new_id()
    toy.publish(*happened(thing, 1))
    assert relay.step() is False
    toy.publish(*happened(thing, 2))
    paper.answer = {}
    drain(relay)
    assert [from_json(row.body).sequence for row in paper.sent] == [1, 2]


def test_when_nobody_knows_what_arrived_everything_stays(toy: Toy) -> None:
    class Gone:
        def publish_batch(self, rows: Sequence[Outgoing]) -> Mapping[UUID, str]:
            raise Unreachable("gone")

    toy.publish(*happened(new_id(), 1, 2))
    with pytest.raises(Unreachable):
        Relay(toy.engine, Gone(), toy.clock).step()
    assert toy.waiting() == 2


@pytest.mark.parametrize("shards_at_once", [64, 16])
def test_several_relays_keep_the_order_of_every_subject(toy: Toy, shards_at_once: int) -> None:
    """Two SKIP LOCKED relays would put a fifth of these out of order."""
    things, paper, stop = [new_id() for _ in range(12)], Paper(), threading.Event()
    relays = [Relay(toy.engine, paper, toy.clock, shards_at_once=shards_at_once) for _ in range(4)]

    def relaying(relay: Relay) -> None:
        while not stop.is_set():
            if not relay.step():
                stop.wait(0.002)

    threads = [threading.Thread(target=relaying, args=(relay,)) for relay in relays]
    for thread in threads:
        thread.start()
    writers = [threading.Thread(target=_write, args=(toy, things[n::3])) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    for thread in threads:
        thread.join()
    drain(Relay(toy.engine, paper, toy.clock))
    assert len(paper.sent) == 12 * 40 == len({row.id for row in paper.sent})
    for thing in things:
        sequences = [from_json(row.body).sequence for row in paper.sent if row.subject == f"thing/{thing}"]
        assert sequences == list(range(1, 41))


def _write(toy: Toy, things: list[UUID]) -> None:
    for number in range(0, 40, 2):
        for thing in things:
            toy.publish(*happened(thing, number, number + 1))


def test_a_commit_wakes_the_relay(toy: Toy) -> None:
    news = Notifications(toy.engine)
    assert news.wait(10) is True, "the first time it looks at once"
    assert news.wait(0.01) is False
    toy.publish(*happened(new_id(), 1))
    assert news.wait(10) is True
    toy.units.notify = False
    toy.publish(*happened(new_id(), 2))
    assert news.wait(0.05) is False
    news.close()
    assert news.wait(10) is True
    news.close()
