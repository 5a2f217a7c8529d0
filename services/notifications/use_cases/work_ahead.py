"""The next batch, made ready on a thread beside the one that sends."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from services.notifications.use_cases.conclude_messages import Done

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
