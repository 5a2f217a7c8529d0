"""What times set off. Messages carry their own times, and the sending loop keeps them."""

from uuid import UUID

from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases import preview_messages
from shared.service import Due, DueHandlers


def _forget_previews(uow: NotificationsUnitOfWork, due: Due) -> None:
    preview_messages.forget_previews(uow, UUID(due.key))


DUE: DueHandlers[NotificationsUnitOfWork] = {preview_messages.FORGET: _forget_previews}
