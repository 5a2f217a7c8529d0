"""RabbitMQ as the relay sees it: batches with confirms, on a connection that is renewed whenever in doubt."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.contracts.registry import PUBLISHERS
from shared.messaging import rabbit_topology as topology
from shared.messaging.rabbit_link import Link, Message
from shared.messaging.relay import Outgoing, Unreachable

SUBJECT = "x-hearth-subject"
"""Header with the event's subject, so that a consumer can keep its order without reading the body."""


class RabbitSender:
    """Keeps one link open, on whichever host answers, and opens another after any trouble. One thread only."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self._addresses = topology.addresses(url)
        self._timeout = timeout
        self._link: Link | None = None

    def send(self, messages: Sequence[Message]) -> dict[str, str]:
        """Publish; the ids that failed with the reason. Raises Unreachable."""
        link = self._link = self._link or self._connect()
        try:
            return link.send(messages)
        except BaseException:
            self.close()
            raise

    def tick(self) -> None:
        """Keep an open link alive; a dead one is dropped without a word, because nothing was under way."""
        if self._link is not None:
            try:
                self._link.tick()
            except Unreachable:
                self.close()

    def close(self) -> None:
        """Drop the connection."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _connect(self) -> Link:
        for address in list(self._addresses):
            try:
                return Link(topology.parameters(address), self._timeout)
            except Unreachable as error:
                problem = error
                # The next attempt begins with the next host.
                self._addresses.append(self._addresses.pop(0))
        raise problem


class RabbitPublisher:
    """The relay's publisher for one service.

    It publishes nothing before every one of `listeners` (all services) has its queues: `mandatory` only says that
    somebody listens, and an event published while a listener is not yet there would be lost to it.
    """

    def __init__(self, url: str, service: str, *, listeners: Sequence[str] = PUBLISHERS, timeout: float = 10.0) -> None:
        self._url = url
        self._service = service
        self._listeners = tuple(listeners)
        self._sender = RabbitSender(url, timeout=timeout)
        self._prepared = False

    def publish_batch(self, rows: Sequence[Outgoing]) -> Mapping[UUID, str]:
        """See `relay.Publisher`. Raises Unreachable."""
        if not self._prepared:
            self._prepare()
        exchange = topology.exchange_of(self._service)
        try:
            failed = self._sender.send([_message(row, exchange) for row in rows])
        except Unreachable:
            # A broker that came back empty needs its exchange again.
            self._prepared = False
            raise
        return {row.id: failed[str(row.id)] for row in rows if str(row.id) in failed}

    def tick(self) -> None:
        """Keep the connection alive between batches."""
        self._sender.tick()

    def close(self) -> None:
        """Drop the connection."""
        self._sender.close()

    def _prepare(self) -> None:
        topology.declare_publisher(self._url, self._service)
        missing = topology.missing_listeners(self._url, self._listeners)
        if missing:
            raise Unreachable(f"waiting for the queues of {', '.join(missing)}")
        self._prepared = True


def _message(row: Outgoing, exchange: str) -> Message:
    return Message(str(row.id), exchange, row.type, row.body, row.type, {SUBJECT: row.subject})
