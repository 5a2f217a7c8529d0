"""A limit on how often one caller may try something: kept in this process's memory, for what needs no more."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from shared.errors import TooMany

_MOST_CALLERS = 10_000


class Limit:
    """`most` tries in `seconds` for each caller. Several processes each count for themselves."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._tries: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def check(self, caller: str, message: str) -> None:
        """Count a try. Raises TooMany, with this message, for one too many."""
        now = self._clock()
        with self._lock:
            recent = [at for at in self._tries.pop(caller, []) if now - at < self._seconds]
            refused = len(recent) >= self._most
            self._tries[caller] = recent if refused else [*recent, now]
            while len(self._tries) > _MOST_CALLERS:
                self._tries.popitem(last=False)
        if refused:
            raise TooMany(message, retry_after=int(self._seconds - (now - recent[0])) + 1)
