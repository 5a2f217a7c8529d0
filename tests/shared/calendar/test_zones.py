"""The VTIMEZONE block against zoneinfo itself, read by an independent reader of its rules."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.cal import Component

from shared.calendar.shifts import shifts
from shared.calendar.zones import block

ZONES = [
    "Europe/London", "Europe/Dublin", "Europe/Berlin", "Asia/Kabul", "Asia/Tehran", "America/New_York", "UTC",
    "America/Santiago", "Australia/Lord_Howe", "Asia/Jerusalem", "Africa/Casablanca", "Africa/Cairo", "America/Nuuk",
    "Asia/Almaty", "Pacific/Apia", "Asia/Gaza", "America/Asuncion",
]  # fmt: skip


def parsed(name: str) -> Component:
    return Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + block(name) + b"END:VCALENDAR\r\n").subcomponents[0]


def onsets(observance: Component, until: datetime) -> list[datetime]:
    """Local times (naive) at which the observance begins, up to `until`."""
    start = observance["DTSTART"].dt
    found = [start]
    if "RRULE" in observance:
        found = list(rrulestr(observance["RRULE"].to_ical().decode(), dtstart=start).between(start, until, inc=True))
    if "RDATE" in observance:
        lines = observance["RDATE"] if isinstance(observance["RDATE"], list) else [observance["RDATE"]]
        found += [date.dt for line in lines for date in line.dts]
    return found


def offset_at(zone: Component, moment: datetime) -> timedelta:
    """What RFC 5545 says: the offset of the observance with the last onset before the moment."""
    until = moment.replace(tzinfo=None) + timedelta(days=2)
    begun = [
        (onset - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in zone.subcomponents
        for onset in onsets(part, until)
        if onset - part["TZOFFSETFROM"].td <= moment.replace(tzinfo=None)
    ]
    return max(begun, key=lambda item: item[0])[1]


@pytest.mark.parametrize("name", ZONES)
def test_says_what_zoneinfo_says_around_every_change_for_years(name: str) -> None:
    zone, block_ = ZoneInfo(name), parsed(name)
    moments = [datetime(year, month, 15, tzinfo=UTC) for year in (2020, 2026, 2033, 2044) for month in (1, 7)]
    for year in (2020, 2024, 2026, 2027, 2031, 2038, 2049):
        for shift in shifts(zone, year, year):
            moments += [shift.at - timedelta(seconds=1), shift.at, shift.at + timedelta(hours=2)]
    assert [offset_at(block_, moment) for moment in moments] == [
        moment.astimezone(zone).utcoffset() for moment in moments
    ]


def test_is_two_rules_for_a_zone_that_has_them() -> None:
    assert block("Europe/London").decode() == "\r\n".join(
        [
            "BEGIN:VTIMEZONE", "TZID:Europe/London",
            "BEGIN:DAYLIGHT", "DTSTART:19970330T010000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:BST", "END:DAYLIGHT",
            "BEGIN:STANDARD", "DTSTART:19961027T020000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "TZNAME:GMT", "END:STANDARD",
            "END:VTIMEZONE", "",
        ]
    )  # fmt: skip


def test_is_one_observance_where_clocks_never_change() -> None:
    assert block("Asia/Kabul").count(b"BEGIN:") == 2
    assert b"TZOFFSETTO:+0430" in block("Asia/Kabul")


def test_two_onsets_never_fall_together() -> None:
    for name in ZONES:
        found = [
            (onset, part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
            for part in parsed(name).subcomponents
            for onset in onsets(part, datetime(2060, 1, 1))
        ]
        assert len(found) == len(set(found)), name
