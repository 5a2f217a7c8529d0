"""What the notifications service publishes: what became of each message."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.base import Event, contract


@contract("notifications.message_handed_over", subject="message_id")
@dataclass(frozen=True, kw_only=True)
class MessageHandedOver(Event):
    """The next mail server took the message. `about` is the subject of the event that caused it."""

    message_id: UUID
    person_id: UUID | None
    kind: str
    about: str
    at: datetime


@contract("notifications.message_failed", subject="message_id")
@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """The message will not arrive, or nobody can know whether it did.

    `state` is failed, bounced, suppressed, expired or unknown; `reason` is for staff and holds no address.
    """

    message_id: UUID
    person_id: UUID | None
    kind: str
    about: str
    state: str
    reason: str
    at: datetime
