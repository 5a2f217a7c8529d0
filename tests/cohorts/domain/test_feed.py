"""A calendar to subscribe to, read by another program's parser."""

from datetime import UTC, datetime, timedelta

import icalendar

from services.cohorts.domain.feed import Entry, write

START = datetime(2027, 3, 28, 17, 30, tzinfo=UTC)


def entry(**changes: object) -> Entry:
    given: dict[str, object] = {
        "uid": "1@hearth",
        "sequence": 2,
        "cancelled": False,
        "title": "First; evening, with \\ and\nEND:VEVENT",
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "zone": "Europe/London",
        "description": "نور " * 40,
        "place": "",
        "link": "https://meet.example/x",
        "stamp": START,
    }
    return Entry(**{**given, **changes})  # type: ignore[arg-type]


def test_another_program_reads_what_was_written() -> None:
    octets = write("Leading, together", [entry(), entry(uid="2@hearth", cancelled=True, zone="Africa/Kampala")])
    assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(octets)
    first, second = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert str(first["SUMMARY"]) == "First; evening, with \\ and\nEND:VEVENT"
    assert (first["DTSTART"].dt, first["SEQUENCE"], str(first["STATUS"])) == (START, 2, "CONFIRMED")
    assert (second["DTSTART"].dt, str(second["STATUS"])) == (START, "CANCELLED")
    assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"Europe/London", "Africa/Kampala"}


def test_no_sessions_are_a_calendar_too() -> None:
    assert icalendar.Calendar.from_ical(write("Empty", [])).walk("VEVENT") == []
