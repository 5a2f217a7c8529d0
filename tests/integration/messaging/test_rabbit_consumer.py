"""Listening on RabbitMQ: order, several consumers, long handlers, cut connections, and what the broker gave up on."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pika
import pytest

from shared.contracts.envelope import to_json, wrap
from shared.ids import new_id
from shared.messaging import rabbit_consumer
from shared.messaging import rabbit_topology as topology
from shared.messaging.inbox import Listener
from shared.messaging.rabbit import SUBJECT, RabbitPublisher, RabbitSender
from shared.messaging.rabbit_consumer import RabbitConsumer
from shared.messaging.rabbit_link import Message
from shared.messaging.relay import Outgoing
from shared.timekeeping import system_clock
from tests.integration.messaging.proxy import Proxy
from tests.servers.plugin import MakeDatabase
from tests.servers.rabbit import Rabbit
from tests.shared.messaging.stages import eventually, short_steps
from tests.shared.messaging.toy import START, Toy, happened

pytestmark = [pytest.mark.rabbit, pytest.mark.postgres]


class House:
    """A listener `alpha` on PostgreSQL, with as many consumers as the test starts."""

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.alpha = Toy("alpha", database, system_clock)
        self.listener = Listener("alpha", self.alpha.units, self.alpha.handlers)
        self._running: list[tuple[threading.Thread, threading.Event]] = []
        topology.declare_listener(url, "alpha", self.listener.types)
        self.publisher = RabbitPublisher(url, "toy", listeners=["alpha"])

    def consume(self, url: str | None = None) -> threading.Event:
        """Start a consumer; set what is returned to stop it."""
        stop = threading.Event()
        consumer = RabbitConsumer(url or self.url, self.listener, stop)
        thread = threading.Thread(target=consumer.run, daemon=True)
        thread.start()
        self._running.append((thread, stop))
        return stop

    def publish(self, thing: object, first: int, last: int) -> None:
        """Events of one thing, numbered, in one batch."""
        self.publisher.publish_batch([outgoing(event, event.number) for event in happened(thing, *range(first, last))])

    def close(self) -> None:
        """End everything."""
        for _thread, stop in self._running:
            stop.set()
        for thread, _stop in self._running:
            thread.join(10)
        self.publisher.close()
        self.alpha.engine.dispose()


def outgoing(event: object, sequence: int) -> Outgoing:
    envelope = wrap(event, id=new_id(), source="toy", time=START).numbered(sequence)
    return Outgoing(envelope.id, envelope.type, envelope.subject, to_json(envelope).encode())


@pytest.fixture
def house(rabbit: str, postgres: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A virtual host with one listener."""
    short_steps(monkeypatch)
    made = House(rabbit, postgres())
    yield made
    made.close()


def test_two_consumers_keep_the_order_and_the_second_takes_over(house: House) -> None:
    thing = new_id()
    first = house.consume()
    house.consume()
    house.publish(thing, 0, 300)
    eventually(lambda: len(house.alpha.numbers()) >= 100)
    first.set()
    house.publish(thing, 300, 600)
    eventually(lambda: len(house.alpha.numbers()) == 600)
    assert house.alpha.numbers() == list(range(600))


def test_later_events_stay_behind_one_that_waits_in_a_retry_queue(house: House) -> None:
    thing, tries = new_id(), []

    def fail_three_times(_unit: object, event: object) -> None:
        if event.number == 0:
            tries.append(1)
            if len(tries) < 4:
                raise KeyError("not now")

    house.alpha.trouble = fail_three_times
    house.consume()
    for number in range(10):  # in batches of their own: one by one they reach a listener that is busy failing
        house.publish(thing, number, number + 1)
    eventually(lambda: len(house.alpha.numbers()) == 10)
    assert house.alpha.numbers() == list(range(10)) and len(tries) == 4


def test_a_connection_cut_again_and_again_loses_and_doubles_nothing(house: House, rabbit_server: Rabbit) -> None:
    thing = new_id()
    port = urlsplit(house.url).port
    proxy = Proxy(port)
    house.consume(house.url.replace(f":{port}", f":{proxy.port}"))
    for round_ in range(4):
        house.publish(thing, round_ * 150, round_ * 150 + 150)
        eventually(lambda: len(house.alpha.numbers()) > round_ * 150)  # noqa: B023
        proxy.cut()
    with suppress(HTTPError):  # those just cut may vanish from the list before they are closed
        rabbit_server.close_connections(house.url)
    eventually(lambda: len(house.alpha.numbers()) == 600)
    assert house.alpha.numbers() == list(range(600))
    proxy.close()


def test_a_handler_longer_than_two_heartbeats_is_called_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rabbit_consumer, "HEARTBEAT", 1)
    calls: list[int] = []

    def long(_unit: object, _event: object) -> None:
        calls.append(1)
        threading.Event().wait(4)  # the broker closes a connection that is silent for three seconds

    house.alpha.trouble = long
    house.consume()
    house.publish(new_id(), 0, 1)
    eventually(lambda: house.alpha.numbers() == [0])
    assert len(calls) == 1


def test_a_database_that_is_away_costs_an_event_nothing(house: House) -> None:
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    away = [3]

    def trouble(_unit: object, _event: object) -> None:
        if away[0]:
            away[0] -= 1
            raise PoolTimeout("away")

    house.alpha.trouble = trouble
    house.consume()
    house.publish(new_id(), 0, 5)
    eventually(lambda: len(house.alpha.numbers()) == 5)
    assert house.alpha.letters() == []


def test_what_the_broker_gave_up_on_becomes_a_dead_letter(house: House) -> None:
    sender = RabbitSender(house.url)
    one = outgoing(happened(new_id(), 1)[0], 1)
    sender.send(
        [Message(str(one.id), "", "alpha.parked", one.body, one.type, {"x-first-death-reason": "delivery_limit"})]
    )
    sender.close()
    house.consume()
    eventually(lambda: len(house.alpha.letters()) == 1)
    letter = house.alpha.letters()[0]
    assert letter.reason == "the broker gave up on it: delivery_limit" and letter.event_id == str(one.id)
    assert house.alpha.numbers() == []


def test_an_event_that_kills_its_process_is_given_up_and_its_neighbours_are_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "DELIVERY_LIMIT", 4)
    poison, fine = new_id(), new_id()
    house.publish(poison, 1, 2)
    house.publish(fine, 2, 5)
    for _ in range(4):  # as a process that dies each time with all four in hand
        connection = pika.BlockingConnection(pika.URLParameters(house.url))
        channel = connection.channel()
        got = channel.consume("alpha", inactivity_timeout=5)
        assert [next(got)[0] is not None for _ in range(4)] == [True] * 4
        connection.close()
    house.consume()
    eventually(lambda: house.alpha.numbers(fine) == [2, 3, 4])
    (letter,) = house.alpha.letters()
    assert "without an answer" in letter.reason
    assert house.alpha.numbers(poison) == []


def test_the_wire_carries_the_event_as_any_client_would_read_it(house: House) -> None:
    one = outgoing(happened(new_id(), 1)[0], 1)
    house.publisher.publish_batch([one])
    connection = pika.BlockingConnection(pika.URLParameters(house.url))
    _method, properties, body = next(connection.channel().consume("alpha", inactivity_timeout=5))
    assert properties.message_id == str(one.id) and body == one.body
    assert properties.content_type == "application/cloudevents+json" and properties.headers[SUBJECT] == one.subject
    connection.close()
