"""Remember what became of a message that this service's events caused."""

from services.cohorts.storage.tables import Delivery
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.notifications import MessageFailed, MessageHandedOver

HANDED = "handed over"


def keep_delivery(uow: CohortsUnit, event: MessageHandedOver | MessageFailed) -> None:
    """Keep the newest news of a message."""
    row = uow.deliveries.find(event.message_id)
    if row is not None and row.at > event.at:
        return
    if row is None:
        row = Delivery(message_id=event.message_id)
        uow.deliveries.add(row)
    row.about, row.person_id, row.kind, row.at = event.about, event.person_id, event.kind, event.at
    failed = isinstance(event, MessageFailed)
    row.state, row.reason = (event.state, event.reason) if isinstance(event, MessageFailed) else (HANDED, "")
    row.reason = row.reason[:400] if failed else ""
    uow.session.flush()
