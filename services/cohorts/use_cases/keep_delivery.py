"""Remember what became of a message that this service's events caused."""

from services.cohorts.storage.tables import Delivery
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver

HANDED = "handed over"
DELIVERED = "delivered"


def keep_delivery(uow: CohortsUnit, event: MessageHandedOver | MessageDelivered | MessageFailed) -> None:
    """Keep the newest news of a message."""
    row = uow.deliveries.find(event.message_id)
    if row is not None and row.at > event.at:
        return
    if row is None:
        row = Delivery(message_id=event.message_id)
        uow.deliveries.add(row)
    row.about, row.person_id, row.kind, row.at = event.about, event.person_id, event.kind, event.at
    row.state, row.reason = _news(event)
    uow.session.flush()


def _news(event: MessageHandedOver | MessageDelivered | MessageFailed) -> tuple[str, str]:
    if isinstance(event, MessageFailed):
        return event.state, event.reason[:400]
    return (DELIVERED if isinstance(event, MessageDelivered) else HANDED), ""
