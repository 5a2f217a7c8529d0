"""REQUEST and CANCEL, written once per session and completed for each person with their own ATTENDEE line."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.notifications.domain.addresses import Address, checked_address
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.kinds import Method
from services.notifications.domain.moments import zone
from services.notifications.domain.templating.values import checked_url
from shared.calendar.lines import fold, parameter, text
from shared.calendar.times import local_time, utc
from shared.calendar.zones import block

PRODUCT = "-//Hearth//Hearth notifications//EN"


@dataclass(frozen=True)
class Prepared:
    """A calendar object but for its one ATTENDEE."""

    method: Method
    head: bytes
    tail: bytes

    def for_attendee(self, person: Address) -> bytes:
        """The complete object for this person: lines of at most 75 octets, ended by CRLF."""
        return self.head + fold(_attendee(person, self.method)) + self.tail


def prepare(meeting: Meeting, method: Method) -> Prepared:
    """Everything that is the same for all. Raises ValueError for impossible times, an unknown zone or a bad link."""
    _check(meeting)
    head = b"".join(
        (
            *map(fold, ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")),
            fold(f"METHOD:{method}"),
            block(meeting.zone),
            *map(fold, _event(meeting, method)),
        )
    )
    return Prepared(method, head, fold("END:VEVENT") + fold("END:VCALENDAR"))


def _check(meeting: Meeting) -> None:
    if any(moment.tzinfo is None for moment in (meeting.start, meeting.end, meeting.stamp)):
        raise ValueError("a meeting's times need their offset from UTC")
    if meeting.end <= meeting.start or meeting.sequence < 0:
        raise ValueError("a meeting ends after it starts, and its sequence is not negative")
    zone(meeting.zone)
    if meeting.link:
        checked_url(meeting.link)


def _event(meeting: Meeting, method: Method) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{text(meeting.uid)}", f"DTSTAMP:{utc(meeting.stamp)}")
    yield f"SEQUENCE:{meeting.sequence}"
    yield f"STATUS:{'CANCELLED' if method is Method.CANCEL else 'CONFIRMED'}"
    yield local_time("DTSTART", meeting.start, meeting.zone)
    yield local_time("DTEND", meeting.end, meeting.zone)
    yield f"SUMMARY:{text(meeting.title)}"
    if meeting.description:
        yield f"DESCRIPTION:{text(meeting.description)}"
    if meeting.place or meeting.link:
        yield f"LOCATION:{text(meeting.place or meeting.link or '')}"
    if meeting.link:
        yield f"URL:{meeting.link}"
    yield "TRANSP:OPAQUE"
    yield f"ORGANIZER{_name(meeting.organizer)}:mailto:{checked_address(meeting.organizer.email)}"


def _attendee(person: Address, method: Method) -> str:
    answer = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if method is Method.REQUEST else ""
    name, email = _name(person), checked_address(person.email)
    return f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{answer}{name}:mailto:{email}"


def _name(person: Address) -> str:
    return f";CN={parameter(person.name)}" if person.name.strip() else ""
