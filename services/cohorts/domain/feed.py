"""A person's sessions as a calendar to subscribe to (RFC 5545, published): read again and again, never answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.calendar.lines import fold, text
from shared.calendar.times import local_time, utc
from shared.calendar.zones import block

PRODUCT = "-//Hearth//Hearth cohorts//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. Times are aware; `zone` is an IANA name; `stamp` is when this was read."""

    uid: str
    sequence: int
    cancelled: bool
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    description: str
    place: str
    link: str
    stamp: datetime


def write(name: str, entries: Iterable[Entry]) -> bytes:
    """The whole calendar: lines of at most 75 octets, ended by CRLF. The same UIDs as in the emails, so that a program
    that has both shows one."""
    listed = list(entries)
    zones = sorted({entry.zone for entry in listed})
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    more = (f"X-WR-CALNAME:{text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    lines = [line for entry in listed for line in _event(entry)]
    return b"".join((*map(fold, head + more), *map(block, zones), *map(fold, lines), fold("END:VCALENDAR")))


def _event(entry: Entry) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{text(entry.uid)}", f"DTSTAMP:{utc(entry.stamp)}", f"SEQUENCE:{entry.sequence}")
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield local_time("DTSTART", entry.starts_at, entry.zone)
    yield local_time("DTEND", entry.ends_at, entry.zone)
    yield f"SUMMARY:{text(entry.title)}"
    if entry.description:
        yield f"DESCRIPTION:{text(entry.description)}"
    if entry.place or entry.link:
        yield f"LOCATION:{text(entry.place or entry.link)}"
    if entry.link:
        yield f"URL:{entry.link}"
    yield from (f"TRANSP:{'TRANSPARENT' if entry.cancelled else 'OPAQUE'}", "END:VEVENT")
