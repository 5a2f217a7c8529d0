"""What times set off: nothing yet of its own. Messages carry their own times, and the sending loop keeps them."""

from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.service import DueHandlers

DUE: DueHandlers[NotificationsUnitOfWork] = {}
