"""RabbitMQ's exchanges and queues: what they are called, how they are declared, and what is left to policies.

- `hearth.<service>`: a service's durable topic exchange; the routing key is the event's type.
- `<listener>`: a quorum queue with a single active consumer, so that the order of each subject holds.
- `<listener>.retry.1s`, `.10s`, `.60s`: what comes in goes back to `<listener>` after that time. One queue for each
  time, because a message with a longer time of its own would stop those behind it.
- `<listener>.parked`: what the broker itself gave up on (a delivery limit); the listener's worker moves it into its
  dead letters.

Queues that hand messages on do so at least once (`dead-letter-strategy`), which needs `overflow=reject-publish`.
What may be tuned is not declared here, because declaring a queue again with other arguments is refused (406). Set it by
policy, for instance:

    rabbitmqctl set_policy hearth-limits '^(applications|cohorts|notifications)$' \
        '{"delivery-limit": 100, "max-length": 1000000}' --apply-to queues

Without a delivery limit (RabbitMQ 3 has none, RabbitMQ 4 has 20) the listener itself parks what came DELIVERY_LIMIT
times without an answer: an event that kills the process that handles it.
"""

from collections.abc import Callable, Iterable, Sequence

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from shared.messaging.delivery import STEPS
from shared.messaging.relay import Unreachable

DELIVERY_LIMIT = 50
_QUORUM = {"x-queue-type": "quorum"}


def exchange_of(service: str) -> str:
    """The exchange to which a service publishes."""
    return f"hearth.{service}"


def parked_queue(listener: str) -> str:
    """Where the broker puts what it gave up on. Declared last, so that it stands for the whole topology."""
    return f"{listener}.parked"


def retry_queue(listener: str, delay: float) -> str:
    """The queue from which a message comes back after `delay` seconds (one of STEPS)."""
    return f"{listener}.retry.{delay:g}s"


def addresses(url: str) -> list[str]:
    """The hosts of `amqp://...;amqp://...`, in order of preference."""
    return [part.strip() for part in url.split(";") if part.strip()]


def parameters(url: str) -> pika.URLParameters:
    """pika's parameters for one address, with limits on how long a dead host may hold us up."""
    made = pika.URLParameters(url)
    made.socket_timeout = made.stack_timeout = made.blocked_connection_timeout = 10
    made.heartbeat = 30 if made.heartbeat is None else made.heartbeat
    return made


def declare_publisher(url: str, service: str) -> None:
    """Declare a service's exchange. Raises Unreachable."""
    _on_channel(url, lambda channel: _declare_exchange(channel, service))


def declare_listener(url: str, listener: str, types: Iterable[str]) -> None:
    """Declare a listener's queues, and bind them to the event types that it wants. Raises Unreachable."""
    _on_channel(url, lambda channel: _declare_queues(channel, listener, sorted(types)))


def missing_listeners(url: str, listeners: Sequence[str]) -> list[str]:
    """Those of `listeners` whose queues do not stand yet: what is published before is lost to them.

    Raises Unreachable.
    """
    return [name for name in listeners if not _exists(url, parked_queue(name))]


def ping(url: str) -> None:
    """Open a channel and close it. Raises Unreachable."""
    _on_channel(url, lambda channel: None)


def _exists(url: str, queue: str) -> bool:
    try:
        _on_channel(url, lambda channel: channel.queue_declare(queue, passive=True))
    except ChannelClosedByBroker as error:
        if error.reply_code == 404:
            return False
        raise
    return True


def _declare_exchange(channel: BlockingChannel, service: str) -> None:
    channel.exchange_declare(exchange_of(service), "topic", durable=True)


def _declare_queues(channel: BlockingChannel, listener: str, types: list[str]) -> None:
    _declare(channel, listener, {"x-single-active-consumer": True, **_passing_to(parked_queue(listener))})
    for delay in STEPS:
        arguments = {"x-message-ttl": int(delay * 1000), **_passing_to(listener)}
        _declare(channel, retry_queue(listener, delay), arguments)
    for name in types:
        publisher = name.partition(".")[0]
        _declare_exchange(channel, publisher)
        channel.queue_bind(listener, exchange_of(publisher), routing_key=name)
    _declare(channel, parked_queue(listener), {})


def _passing_to(queue: str) -> dict[str, object]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _declare(channel: BlockingChannel, queue: str, arguments: dict[str, object]) -> None:
    channel.queue_declare(queue, durable=True, arguments={**_QUORUM, **arguments})


def _on_channel(url: str, use: Callable[[BlockingChannel], object]) -> None:
    """Do something on a short connection of its own, on the first host that answers."""
    last: Exception | None = None
    for address in addresses(url):
        try:
            connection = pika.BlockingConnection(parameters(address))
        except (AMQPError, OSError) as error:
            last = error
            continue
        try:
            use(connection.channel())
            return
        except ChannelClosedByBroker:
            raise
        except (AMQPError, OSError) as error:
            last = error
        finally:
            if connection.is_open:
                connection.close()
    raise Unreachable(f"RabbitMQ does not answer: {type(last).__name__}") from last
