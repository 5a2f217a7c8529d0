"""What a calendar invitation says."""

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.addresses import Address


@dataclass(frozen=True)
class Meeting:
    """One session at one SEQUENCE. `start`, `end` and `stamp` are aware; `zone` is an IANA name.

    `uid` stays for the session's life; `stamp` is when this sequence was made, so that every attempt and every
    recipient gets the same bytes. `organizer` is a mailbox that somebody reads.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    zone: str
    title: str
    organizer: Address
    stamp: datetime
    description: str = ""
    place: str = ""
    link: str | None = None
