"""What this service keeps how long, by kind of data."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from services.notifications.storage.personal_data import ERASED
from services.notifications.storage.tables import MessageRow, SuppressionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.erasure import forget_addresses
from shared.retention import Kind, old_rows

_BATCH = 1000


def _old(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return MessageRow.finished_at < before, MessageRow.email.not_like(f"{ERASED}%")


def _look(uow: NotificationsUnitOfWork, before: datetime) -> int:
    return int(uow.session.scalar(select(func.count()).select_from(MessageRow).where(*_old(before))) or 0)


def _act(uow: NotificationsUnitOfWork, before: datetime) -> int:
    """Empty them: that a message went stays counted, to whom and with what words does not."""
    rows = list(uow.session.scalars(select(MessageRow).where(*_old(before)).limit(_BATCH)))
    for row in rows:
        row.recipient = row.email = f"{ERASED}{row.id}"
        row.name, row.values, row.person_id = "", {}, None
    return len(rows)


KINDS: tuple[Kind, ...] = (
    Kind("messages", "To whom messages went and what they said, after they were sent", 730, _look, _act, least=30),
    old_rows(
        "suppressions",
        "Addresses that do not work",
        730,
        SuppressionRow.__table__,  # type: ignore[arg-type]
        "since",
    ),
    Kind(
        "erased_addresses",
        "Hashes of addresses of people who were erased",
        30,
        lambda _uow, _before: 0,
        lambda uow, before: forget_addresses(uow.session, before),
        least=30,
    ),
)
