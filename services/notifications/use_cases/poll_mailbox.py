"""Take in what came back to the mailbox: each report in a unit of work of its own, marked as read after it."""

import imaplib
import logging
from datetime import datetime, timedelta

from services.notifications.storage.mailbox import Mailbox
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.take_in_report import take_in_report
from shared.errors import Conflict
from shared.unit_of_work import Units

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
AT_ONCE = 50


class Poll:
    """For one service, on one thread. A report that is taken in but not marked comes again, and changes nothing."""

    def __init__(self, units: Units[NotificationsUnitOfWork], mailbox: Mailbox) -> None:
        self._units, self._mailbox = units, mailbox
        self._next: datetime | None = None

    def step(self) -> bool:
        """Look once a minute; whether there may be more at once."""
        now = self._units.clock()
        if self._next is not None and now < self._next:
            return False
        self._next = now + EVERY
        try:
            more = self._visit()
        except (OSError, imaplib.IMAP4.error) as error:
            log.warning("the mailbox of reports cannot be read: %s", type(error).__name__)
            return False
        self._next = None if more else self._next
        return more

    def _visit(self) -> bool:
        with self._mailbox.visit() as visit:
            numbers = visit.unread(AT_ONCE)
            taken = [number for number in numbers if self._taken_in(visit.read(number))]
            for number in taken:
                visit.done(number)
        return len(numbers) == AT_ONCE and bool(taken)

    def _taken_in(self, octets: bytes) -> bool:
        try:
            with self._units.begin() as uow:
                take_in_report(uow, octets, "mailbox")
        except Conflict:
            return False  # it stays unread for the next look
        return True
