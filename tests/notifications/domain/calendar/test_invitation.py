"""Invitations as another library reads them, and hostile words in every place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.notifications.domain.addresses import Address
from services.notifications.domain.calendar.invitation import prepare
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.kinds import Method

START = datetime(2027, 3, 2, 14, tzinfo=UTC)
MEETING = Meeting(
    uid="7c1e@hearth.example", sequence=2, start=START, end=START + timedelta(minutes=90), zone="Europe/London",
    title="Telling your story, safely", organizer=Address("Ember Leaders", "team@hearth.example"), stamp=START,
    description="Line one\nLine two; and, more", place="Room 2, Friends House", link="https://hearth.example/join/1",
)  # fmt: skip
AMAL = Address("Amal Haddad", "amal@example.org")


def read(meeting: Meeting = MEETING, method: Method = Method.REQUEST, person: Address = AMAL) -> Calendar:
    return Calendar.from_ical(prepare(meeting, method).for_attendee(person))


def test_a_request_says_everything() -> None:
    calendar = read()
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("7c1e@hearth.example", 2, "CONFIRMED")
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Telling your story, safely", "Line one\nLine two; and, more")
    assert (event["LOCATION"], event["URL"]) == ("Room 2, Friends House", "https://hearth.example/join/1")
    assert (event.start, event.end) == (START, START + timedelta(minutes=90))
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:team@hearth.example", "Ember Leaders")
    assert (event["ATTENDEE"], event["ATTENDEE"].params["CN"]) == ("mailto:amal@example.org", "Amal Haddad")
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"


def test_a_cancellation_names_the_same_event() -> None:
    calendar = read(replace(MEETING, sequence=3), Method.CANCEL)
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == ("7c1e@hearth.example", 3)
    assert "RSVP" not in event["ATTENDEE"].params


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), b"DTSTART;TZID=Europe/London:20270328T003000"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), b"DTSTART;TZID=Europe/London:20270328T023000"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), b"DTSTART:20271031T003000Z"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), b"DTSTART:20271031T013000Z"),
        (datetime(2027, 10, 31, 2, 30, tzinfo=UTC), b"DTSTART;TZID=Europe/London:20271031T023000"),
    ],
)
def test_both_sides_of_both_clock_changes(moment: datetime, written: bytes) -> None:
    meeting = replace(MEETING, start=moment, end=moment + timedelta(hours=1))
    assert written + b"\r\n" in prepare(meeting, Method.REQUEST).head
    assert read(meeting).walk("VEVENT")[0].start.astimezone(UTC) == moment


@settings(max_examples=60)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1)).map(lambda value: value.replace(microsecond=0)),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Kabul", "Australia/Lord_Howe"]),
)
def test_every_moment_comes_back(moment: datetime, zone: str) -> None:
    start = moment.replace(tzinfo=UTC)
    [event] = read(replace(MEETING, start=start, end=start + timedelta(hours=2), zone=zone)).walk("VEVENT")
    assert event.start.astimezone(ZoneInfo(zone)).astimezone(UTC) == start


HOSTILE = [
    'x"\r\nATTENDEE:mailto:evil@example.com', "x\nEND:VEVENT\nBEGIN:VEVENT", "\u202eevil\u202c",
    "x;CN=y:mailto:z@e.com",
    "a\\", "\\nATTENDEE", "é" * 100, "{{name}} {% raw %}", "<b>bold</b>", "\x00\x07\x1b[31m", "\u2028ORGANIZER:x",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_change_nothing_but_themselves(hostile: str) -> None:
    meeting = replace(MEETING, title=hostile, description=hostile, place=hostile)
    octets = prepare(meeting, Method.REQUEST).for_attendee(Address(hostile, "amal@example.org"))
    logical = octets.replace(b"\r\n ", b"").decode().split("\r\n")
    plain = prepare(MEETING, Method.REQUEST).for_attendee(AMAL).replace(b"\r\n ", b"").decode().split("\r\n")

    def names(lines: list[str]) -> list[str]:
        return [line.split(":")[0].split(";")[0] for line in lines]

    assert names(logical) == names(plain)
    [event] = Calendar.from_ical(octets).walk("VEVENT")
    assert (event["ATTENDEE"], event["ORGANIZER"]) == ("mailto:amal@example.org", "mailto:team@hearth.example")
    assert max(map(len, octets.split(b"\r\n"))) <= 75


@pytest.mark.parametrize(
    "change",
    [
        {"start": datetime(2027, 3, 2, 14)},
        {"end": START},
        {"sequence": -1},
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"link": "javascript:alert(1)"},
        {"link": "https://x.example\r\nATTENDEE:mailto:e@e.com"},
        {"organizer": Address("x", "not an address")},
    ],
)
def test_refuses_what_cannot_be_a_meeting(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        prepare(replace(MEETING, **change), Method.REQUEST)  # type: ignore[arg-type]


def test_refuses_an_attendee_without_an_address() -> None:
    with pytest.raises(ValueError, match="@"):
        prepare(MEETING, Method.REQUEST).for_attendee(Address("Amal", "amal"))


def test_is_the_same_for_two_people_but_for_their_own_line() -> None:
    prepared = prepare(MEETING, Method.REQUEST)
    one, two = (prepared.for_attendee(person) for person in (AMAL, Address("Zoë", "zoe@example.org")))
    assert one.replace(b"\r\n ", b"").count(b"ATTENDEE") == 1
    assert one.startswith(prepared.head) and two.startswith(prepared.head)
    assert one == prepare(MEETING, Method.REQUEST).for_attendee(AMAL)
