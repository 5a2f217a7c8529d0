"""A sender that tests kill: a process of its own, on a clock so far ahead that the leases of the dead have ended."""

import os
from datetime import datetime, timedelta

from services.notifications.domain.addresses import Address
from services.notifications.storage.mailers import Timeouts, open_mailer
from services.notifications.storage.unit_of_work import Context, NotificationsUnitOfWork
from services.notifications.use_cases.send_messages import Sender
from shared.database import open_engine
from shared.timekeeping import system_clock
from shared.unit_of_work import Units

CONTEXT = Context("http://localhost", "Ember Leaders", Address("Ember Leaders", "hearth@example.org"), "example.org")


def units_at(url: str, ahead: timedelta) -> Units[NotificationsUnitOfWork]:
    """The service's units of work, on a clock that is so far ahead."""

    def clock() -> datetime:
        return system_clock() + ahead

    return Units(
        open_engine(url), clock, lambda session, now, source, cause: NotificationsUnitOfWork(
            session, now, source, cause, CONTEXT
        ), "notifications",
    )  # fmt: skip


def send(url: str, port: int, ahead: timedelta) -> None:
    """Send all that is due, then end."""
    mailer = open_mailer(f"smtp+insecure://127.0.0.1:{port}", timeouts=Timeouts(5, 5, 5))
    sender = Sender(units_at(url, ahead), mailer, "hearth@example.org")
    while sender.step():
        pass
    os._exit(0)
