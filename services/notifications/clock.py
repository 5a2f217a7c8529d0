"""What times set off: the digest. Messages carry their own times, and the sending loop keeps them."""

from uuid import UUID

from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases import preview_messages
from services.notifications.use_cases.send_digest import DIGEST, make_digest
from shared.service import Due, DueHandlers


def _forget_previews(uow: NotificationsUnitOfWork, due: Due) -> None:
    preview_messages.forget_previews(uow, UUID(due.key))


DUE: DueHandlers[NotificationsUnitOfWork] = {preview_messages.FORGET: _forget_previews, DIGEST: make_digest}
