"""Send what is queued: claimed under a lease, checked once more, handed over once, the outcome kept.

Every message costs one commit: the one just before its final dot, which also keeps the outcome of the message before
(that a server took it, in one line; the other services are told with the whole batch). So at any moment at most one
message of a sender is handed over without its outcome being stored, and a sender that is killed leaves at most one
behind whose outcome nobody knows.

Each message is written while the server's answer to the one before is awaited. Where the database lets two work at
once, the next batch is claimed beside the sending of this one, and what has become of this one's first half is told
meanwhile. Handing over stays with one thread, one message after the other.
"""

import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from services.notifications.domain.outcomes import Outcome, Phase, Result, lost
from services.notifications.storage.mailers import Mailer
from services.notifications.storage.mailers.protocol import Route
from services.notifications.storage.notes import Notes
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.conclude_messages import Done, conclude, recover
from services.notifications.use_cases.prepare_messages import Batch, Claimed, claim, release, unwritten
from services.notifications.use_cases.work_ahead import Ahead, Pages
from shared.unit_of_work import Units

log = logging.getLogger(__name__)

BATCH = 200
SOME = BATCH // 10
"""After so many of a batch the next one is made ready. A server too slow for that is given one batch at a time."""
CLAIM_LEASE = timedelta(minutes=3)
"""Until the final dot: if it ends early, the attempt stops before the dot, so that nothing can go twice."""
HANDED_LEASE = timedelta(minutes=15)
"""From the final dot: longer than a server may take to answer it (RFC 5321, 4.5.3.2.6)."""
ENOUGH = timedelta(minutes=1)
"""After so long a batch is cut short, well before its leases end."""
REST = timedelta(seconds=30)
"""After a server that cannot be reached; then one message tries whether it can."""


class NotNoted(Exception):
    """It could not be noted that the final dot is about to go: nothing was handed over."""


class LeaseLost(NotNoted):
    """Another sender has taken the message over."""


class Sender:
    """Sends for one service, on one thread. `mailer` is opened by the caller."""

    def __init__(self, units: Units[NotificationsUnitOfWork], mailer: Mailer, envelope_from: str) -> None:
        self._units = units
        self._mailer = mailer
        self._from = envelope_from
        self._notes = Notes(units.engine)
        self._ahead: Ahead[Batch] = Ahead(lambda done: self._claim(BATCH, done))
        self._may_look_ahead = units.notify
        self._pages = Pages()
        self._done: list[Done] = []
        """Attempts that have ended and are not settled."""
        self._noted = 0
        """How many of them are known to the database as taken."""
        self._left: list[Claimed] = []
        self._rest_until: datetime | None = None

    def step(self) -> bool:
        """Send a batch; whether there may be more at once. Raises what a database that is away raises."""
        batch = self._next()
        if batch is None:
            return False
        self._left = list(batch.messages)
        try:
            self._send_all(self._units.clock() + ENOUGH, whole=batch.taken == BATCH)
        finally:
            self._notes.close()
        if self._resting() or not self._ahead.begun:
            self._tidy_up()
        else:
            self._give_back()
        return batch.taken > 0 and not self._resting()

    def close(self) -> None:
        """Let go of the connections to the mail server and the database, and of what was made ready and not sent."""
        self._mailer.close()
        self._notes.close()
        if self._ahead.begun:
            with contextlib.suppress(Exception):  # what a database that is away does not take, leases do
                self._tidy_up()
        self._ahead.close()

    def _next(self) -> Batch | None:
        """What to send now; None for nothing."""
        if self._ahead.begun and not self._left:
            return self._take_ahead()
        # What a database that was away did not take the last time.
        self._tidy_up()
        if self._resting() or not self._has_work(self._units.clock()):
            return None
        return self._claim(1 if self._rest_until else BATCH)

    def _tidy_up(self) -> None:
        """Tell what has become of everything, and give back what is not going to be sent now."""
        if self._ahead.begun:
            self._left += self._take_ahead().messages
        self._settle()
        self._give_back()

    def _take_ahead(self) -> Batch:
        """The batch that was made ready. If that failed, what it was to tell is ours to tell again."""
        found, untold = self._ahead.take()
        self._done[:0] = untold
        self._noted += len(untold)
        if isinstance(found, Exception):
            raise found
        return found

    def _has_work(self, now: datetime) -> bool:
        # Looking first spares SQLite its writer's lock when, as nearly always, nothing is due.
        with self._units.begin(write=False) as uow:
            return uow.send_queue.has_work(now)

    def _claim(self, limit: int, done: Sequence[Done] = ()) -> Batch:
        """Tell what has become of `done`, then take up to `limit` messages and make them ready."""
        if done:
            with self._units.begin() as uow:
                conclude(uow, done)
        with self._units.begin() as uow:
            recover(uow)
            uow.session.flush()
            return claim(uow, CLAIM_LEASE, limit)

    def _send_all(self, end: datetime, *, whole: bool) -> None:
        """Send what was claimed, one after the other; `_left` keeps those that were not handed over. `whole`: the batch
        was as large as can be, so that there are probably more."""
        count = 0
        while self._left and self._units.clock() < end:
            message = self._left[0]
            outcome = self._send(message)
            del self._left[0]
            count += 1
            if outcome is not None:
                self._done.append(Done(message.id, message.lease, message.attempt, outcome))
                if self._cannot_be_reached(outcome):
                    return
            if count == SOME and whole and self._may_look_ahead:
                self._look_ahead()

    def _look_ahead(self) -> None:
        """Have the next batch made ready, and told what of this one the database knows already."""
        self._ahead.begin(self._done[: self._noted])
        del self._done[: self._noted]
        self._noted = 0

    def _send(self, message: Claimed) -> Outcome | None:
        """What came of it; None if another sender has it. Raises what noting it raised."""
        noted = False

        def note() -> None:
            nonlocal noted
            self._note(message)
            noted = True

        try:
            content = self._pages.take(message)
        except Exception as error:
            return Outcome(Result.FAILED, Phase.CONNECT, text=unwritten(message.id, error))
        next_one = self._left[1] if len(self._left) > 1 else None
        try:
            return self._mailer.send(
                *self._route(message),
                content,
                on_final_dot=note,
                following=self._route(next_one) if next_one else None,
                meanwhile=partial(self._pages.write_ahead, next_one) if next_one else None,
            )
        except LeaseLost:
            log.warning("another sender took a message over", extra={"message_id": str(message.id)})
            return None
        except NotNoted as error:
            raise error.__cause__ or error from None
        except Exception as error:
            # A mailer answers, it does not raise. Should one do so, this message alone may suffer from it.
            log.exception("the mailer failed", extra={"message_id": str(message.id)})
            return lost(Phase.DOT if noted else Phase.DATA, type(error).__name__)

    def _route(self, message: Claimed) -> Route:
        return message.return_path or self._from, message.email

    def _note(self, message: Claimed) -> None:
        """Commit that this one is being handed over, and the outcomes of those before it."""
        try:
            # A server that refused or said nothing makes more to keep than that it took the message.
            if any(each.outcome.result is not Result.SENT for each in self._done[self._noted :]):
                self._settle()
            new = self._done[self._noted :]
            last = (new[-1].id, new[-1].lease) if new else None
            now = self._units.clock()
            ours = self._notes.hand((message.id, message.lease), now, now + HANDED_LEASE, last)
        except Exception as error:
            raise NotNoted from error
        self._noted = len(self._done)
        if not ours:
            raise LeaseLost

    def _settle(self) -> None:
        if self._done:
            with self._units.begin() as uow:
                conclude(uow, self._done)
            self._done.clear()
            self._noted = 0

    def _give_back(self) -> None:
        if self._left:
            with self._units.begin() as uow:
                release(uow, self._left)
            self._left = []

    def _cannot_be_reached(self, outcome: Outcome) -> bool:
        """Whether the server is down, whatever the message; then the others need not try it one by one."""
        down = outcome.result is Result.NOT_SENT and outcome.phase <= Phase.GREETING
        if down:
            log.warning("the mail server cannot be reached: %s", outcome.text)
        self._rest_until = self._units.clock() + REST if down else None
        return down

    def _resting(self) -> bool:
        return self._rest_until is not None and self._units.clock() < self._rest_until
