"""Publishing to RabbitMQ: what the relay is told of each message, and what happens when a connection is in doubt."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pika
import pytest

from shared.ids import new_id
from shared.messaging import rabbit_topology as topology
from shared.messaging.rabbit import RabbitPublisher, RabbitSender
from shared.messaging.rabbit_link import Link, Message
from shared.messaging.relay import Outgoing, Unreachable
from tests.integration.messaging.proxy import Proxy
from tests.servers.rabbit import Rabbit, virtual_host

pytestmark = pytest.mark.rabbit


def rows(count: int, type: str = "toy.happened") -> list[Outgoing]:
    return [Outgoing(new_id(), type, "thing/1", f'{{"n": {n}}}'.encode()) for n in range(count)]


def in_queue(url: str, queue: str) -> list[tuple[str, bytes]]:
    """Message ids and bodies, taken by a plain client that knows nothing of ours."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    found = []
    for method, properties, body in connection.channel().consume(queue, auto_ack=True, inactivity_timeout=0.5):
        if method is None:
            break
        assert properties.delivery_mode == 2
        found.append((properties.message_id, body))
    connection.close()
    return found


@pytest.fixture
def proxied(rabbit: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy in front of the broker, and the address through it."""
    parts = urlsplit(rabbit)
    proxy = Proxy(parts.port)
    yield proxy, rabbit.replace(f":{parts.port}", f":{proxy.port}")
    proxy.close()


@pytest.fixture
def publisher(rabbit: str) -> Iterator[RabbitPublisher]:
    """A publisher `toy` whose only listener stands."""
    topology.declare_listener(rabbit, "alpha", ["toy.happened"])
    made = RabbitPublisher(rabbit, "toy", listeners=["alpha"])
    yield made
    made.close()


def test_a_batch_arrives_in_order_and_persistent(rabbit: str, publisher: RabbitPublisher) -> None:
    sent = rows(500)
    assert publisher.publish_batch(sent) == {}
    assert in_queue(rabbit, "alpha") == [(str(row.id), row.body) for row in sent]


def test_what_nobody_listens_to_is_told_by_its_id(rabbit: str, publisher: RabbitPublisher) -> None:
    wanted, unwanted = rows(3), rows(2, "toy.ignored")
    failed = publisher.publish_batch([wanted[0], unwanted[0], wanted[1], unwanted[1], wanted[2]])
    assert failed == {row.id: "unroutable" for row in unwanted}
    assert [id for id, _ in in_queue(rabbit, "alpha")] == [str(row.id) for row in wanted]
    assert publisher.publish_batch(rows(1)) == {}


def test_what_a_full_queue_refuses_is_told_by_its_id(
    rabbit: str, rabbit_server: Rabbit, publisher: RabbitPublisher
) -> None:
    policy = {"pattern": "^alpha$", "definition": {"max-length": 2}, "apply-to": "queues"}
    rabbit_server.api("PUT", f"/policies/{virtual_host(rabbit)}/short", policy)
    sent, refused = [], {}
    while not refused and len(sent) < 2000:
        batch = rows(50)
        refused = publisher.publish_batch(batch)
        sent += batch
    assert set(refused.values()) == {"nacked"}
    arrived = [id for id, _ in in_queue(rabbit, "alpha")]
    assert arrived == [str(row.id) for row in sent if row.id not in refused]


def test_nothing_is_published_before_every_listener_stands(rabbit: str) -> None:
    publisher = RabbitPublisher(rabbit, "toy", listeners=["alpha", "beta"])
    topology.declare_listener(rabbit, "alpha", ["toy.happened"])
    with pytest.raises(Unreachable, match="waiting for the queues of beta"):
        publisher.publish_batch(rows(1))
    topology.declare_listener(rabbit, "beta", ["toy.happened"])
    assert publisher.publish_batch(rows(1)) == {}
    assert len(in_queue(rabbit, "alpha")) == len(in_queue(rabbit, "beta")) == 1
    publisher.close()


def test_declaring_twice_changes_nothing_and_a_policy_may_tune(rabbit: str, rabbit_server: Rabbit) -> None:
    for _ in range(2):
        topology.declare_listener(rabbit, "alpha", ["toy.happened"])
        policy = {"pattern": ".*", "definition": {"delivery-limit": 7}, "apply-to": "queues"}
        rabbit_server.api("PUT", f"/policies/{virtual_host(rabbit)}/limits", policy)
    queues = rabbit_server.queues(rabbit)
    assert set(queues) == {"alpha", "alpha.parked", "alpha.retry.1s", "alpha.retry.10s", "alpha.retry.60s"}
    assert {queue["type"] for queue in queues.values()} == {"quorum"}
    assert queues["alpha"]["arguments"]["x-single-active-consumer"] is True
    assert queues["alpha"]["arguments"]["x-dead-letter-strategy"] == "at-least-once"


def test_a_cut_connection_is_replaced(proxied: tuple[Proxy, str], publisher: RabbitPublisher) -> None:
    proxy, url = proxied
    through = RabbitPublisher(url, "toy", listeners=["alpha"], timeout=5)
    assert through.publish_batch(rows(10)) == {}
    proxy.cut()
    with pytest.raises(Unreachable):
        through.publish_batch(rows(10))
    assert through.publish_batch(rows(10)) == {}
    through.close()


def test_after_a_confirm_that_did_not_come_in_time_the_connection_is_thrown_away(
    proxied: tuple[Proxy, str], rabbit: str, publisher: RabbitPublisher
) -> None:
    proxy, url = proxied
    sender = RabbitSender(url, timeout=0.5)
    first, second = (Message(str(new_id()), "", "alpha", b"{}", "toy.happened") for _ in range(2))
    assert sender.send([first]) == {}
    connections = proxy.connections
    proxy.stall()
    with pytest.raises(Unreachable, match="no answer in time"):
        sender.send([second])
    proxy.flow()
    unrouted = Message(str(new_id()), "", "nowhere", b"{}", "toy.happened")
    assert sender.send([unrouted]) == {unrouted.id: "unroutable"}, "an old confirm must not answer for it"
    assert proxy.connections == connections + 1
    sender.close()


def test_a_dead_link_stays_dead_and_belongs_to_its_thread(rabbit: str) -> None:
    import threading

    link = Link(topology.parameters(rabbit), 5)
    seen: list[BaseException] = []

    def elsewhere() -> None:
        try:
            link.tick()
        except RuntimeError as error:
            seen.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert "belongs to the thread" in str(seen[0])
    link.tick()
    link.close()
    with pytest.raises(Unreachable):
        link.send([])


def test_the_next_host_is_tried(rabbit: str) -> None:
    sender = RabbitSender(f"amqp://x:y@127.0.0.1:1/;{rabbit}", timeout=5)
    topology.declare_listener(f"amqp://x:y@127.0.0.1:1/;{rabbit}", "alpha", ["toy.happened"])
    assert sender.send([Message("m", "", "alpha", b"{}", "toy.happened")]) == {}
    sender.close()


def test_nobody_answering_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        RabbitSender("amqp://x:y@127.0.0.1:1/", timeout=2).send([])
    with pytest.raises(Unreachable):
        topology.ping("amqp://x:y@127.0.0.1:1/")
