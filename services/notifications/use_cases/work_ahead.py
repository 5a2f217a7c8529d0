"""What is done ahead: the next batch on a thread beside the one that sends, the next message while a server is
waited for."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar
from uuid import UUID

from services.notifications.use_cases.conclude_messages import Done
from services.notifications.use_cases.prepare_messages import Claimed

T = TypeVar("T")


class Ahead(Generic[T]):
    """At most one piece of work at a time; the thread lives until `close`, and a new one is made when asked again."""

    def __init__(self, work: Callable[[Sequence[Done]], T]) -> None:
        self._work = work
        self._pool: ThreadPoolExecutor | None = None
        self._future: Future[T] | None = None
        self._done: list[Done] = []

    @property
    def begun(self) -> bool:
        """Whether there is something to take."""
        return self._future is not None

    def begin(self, done: Sequence[Done]) -> None:
        """Begin: `done` are attempts that the work is to conclude."""
        self._pool = self._pool or ThreadPoolExecutor(1, "ahead")
        self._done = list(done)
        self._future = self._pool.submit(self._work, self._done)

    def take(self) -> tuple[T | Exception, list[Done]]:
        """What came of it, waiting until it has: the result and nothing; or the exception, and the attempts that may
        not be concluded."""
        assert self._future is not None  # noqa: S101 - the caller asked `begun`
        future, self._future = self._future, None
        done, self._done = self._done, []
        try:
            return future.result(), []
        except Exception as error:
            return error, done

    def close(self) -> None:
        """End the thread after what it has in hand."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()


class Pages:
    """Messages as they are written, and the one that was written ahead of its turn."""

    def __init__(self) -> None:
        self._ahead: tuple[UUID, bytes | Exception] | None = None

    def write_ahead(self, message: Claimed) -> None:
        """Write a message before its turn. Never raises: what is wrong with it comes out when its turn comes."""
        try:
            self._ahead = message.id, message.write()
        except Exception as error:
            self._ahead = message.id, error

    def take(self, message: Claimed) -> bytes:
        """The message. Raises whatever writing it raises."""
        ahead, self._ahead = self._ahead, None
        if ahead is None or ahead[0] != message.id:
            return message.write()
        if isinstance(ahead[1], Exception):
            raise ahead[1]
        return ahead[1]
