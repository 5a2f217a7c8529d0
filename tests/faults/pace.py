"""Keeps submissions and troubles together: each trouble finds all clients at work, however long the last one took."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

CLIENTS = 4
PATIENCE = 180.0


class Pace:
    """`total` submissions in as many parts as there are troubles, and one more.

    The last of a part, one for each client, wait until the trouble before them is over; the next trouble begins when
    all others of the part are through, and so while those last ones are being sent.
    """

    def __init__(self, total: int, troubles: int) -> None:
        self._bounds = [total * number // (troubles + 1) for number in range(1, troubles + 2)]
        assert self._bounds[0] > CLIENTS, "too few submissions for so many troubles"
        self._allowed = self._bounds[0] if troubles else total
        self._part = 0
        self._done = 0
        self._changed = threading.Condition()

    def wait_for_turn(self, place: int) -> None:
        """Until the submission at `place`, from 0, may begin."""
        with self._changed:
            self._changed.wait_for(lambda: place < self._allowed, PATIENCE * 2)

    def one_more(self) -> None:
        """One is through."""
        with self._changed:
            self._done += 1
            self._changed.notify_all()

    def before_the_next(self, jobs: "Sequence[Future[Any]]") -> None:
        """Until the next trouble may begin. Raises what a client raised, should one have failed."""
        wanted, deadline = self._bounds[self._part] - CLIENTS, time.monotonic() + PATIENCE
        with self._changed:
            while self._done < wanted:
                failed = next((job.exception() for job in jobs if job.done() and job.exception()), None)
                if failed is not None:
                    raise failed
                assert time.monotonic() < deadline, f"{self._done} of {wanted} submissions came through"
                self._changed.wait(1.0)
            self._part += 1
            self._allow(self._bounds[self._part] - CLIENTS)

    def after_it(self) -> None:
        """The trouble is over."""
        with self._changed:
            self._allow(self._bounds[self._part])

    def let_go(self) -> None:
        """Nobody waits any more: the run has failed."""
        with self._changed:
            self._allow(self._bounds[-1])

    def _allow(self, places: int) -> None:
        self._allowed = places
        self._changed.notify_all()
