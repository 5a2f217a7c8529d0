"""What the notifications service publishes: what became of each message."""

from dataclasses import dataclass, field
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


@contract("notifications.message_delivered", subject="message_id")
@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Event):
    """The recipient's own server says that it put the message into the mailbox. Few servers ever say so."""

    message_id: UUID
    person_id: UUID | None
    kind: str
    about: str
    at: datetime


@contract("notifications.message_failed", subject="message_id")
@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """The message will not arrive, nobody can know whether it did, or its reader called it unwanted.

    `state` is failed, bounced, complained, suppressed, expired, cancelled, rehearsed (a dry run) or unknown; `reason`
    is for staff and holds no address.
    """

    message_id: UUID
    person_id: UUID | None
    kind: str
    about: str
    state: str
    reason: str
    at: datetime


@contract("notifications.personal_data_gathered", subject="request_id")
@dataclass(frozen=True, kw_only=True)
class PersonalDataGathered(Event):
    """One of `parts` pieces of what this service holds on somebody, sealed for the key of their request."""

    request_id: UUID
    part: int
    parts: int
    sealed: str


@contract("notifications.person_erased", subject="erasure_id")
@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """This service has erased somebody. `erased` maps a kind of data to how many rows went; `kept` maps a reason to
    how many rows stay without anything of theirs."""

    erasure_id: UUID
    erased: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
