"""A judge that is not ours: libical, found, or installed as root on Debian; else the tests fail and say so.

The zone is renamed, so that libical can only go by the block in the file and not by its own zone data.
"""

import ctypes
from ctypes.util import find_library
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.domain.addresses import Address
from services.notifications.domain.calendar.invitation import prepare
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.kinds import Method
from tests.servers import apt

VEVENT = 4  # ICAL_VEVENT_COMPONENT


class Time(ctypes.Structure):
    """struct icaltimetype"""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second", "is_date", "is_dst")),
        ("zone", ctypes.c_void_p),
    ]


@pytest.fixture(scope="module")
def libical() -> Any:
    if find_library("ical") is None and apt.possible():
        apt.install("libical")
    found = find_library("ical")
    if found is None:
        pytest.fail(f"This test needs libical: {apt.advice('libical')}.")
    library = ctypes.CDLL(found)
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    for name, result in (("icalrestriction_check", ctypes.c_int), ("icalcomponent_count_errors", ctypes.c_int)):
        getattr(library, name).restype = result
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.icalcomponent_get_first_component.restype = ctypes.c_void_p
    library.icalcomponent_get_first_component.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.icalcomponent_get_dtstart.restype = Time
    library.icalcomponent_get_dtstart.argtypes = [ctypes.c_void_p]
    library.icaltime_as_timet_with_zone.restype = ctypes.c_long
    library.icaltime_as_timet_with_zone.argtypes = [Time, ctypes.c_void_p]
    return library


def octets(start: datetime, zone: str, method: Method = Method.REQUEST) -> bytes:
    meeting = Meeting(
        "7c1e@hearth.example", 3, start, start + timedelta(hours=1), zone, "Stories; plans, é " * 9,
        Address("Ember", "team@hearth.example"), start, "One\nTwo", "Room 2", "https://hearth.example/j",
    )  # fmt: skip
    return prepare(meeting, method).for_attendee(Address('Amal "A" Haddad; ' + "é" * 90, "amal@example.org"))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Kabul", "Africa/Casablanca", "America/New_York"])
def test_finds_no_error_and_every_rule_of_itip_kept(libical: Any, zone: str, method: Method) -> None:
    component = libical.icalparser_parse_string(octets(datetime(2027, 3, 2, 14, tzinfo=UTC), zone, method))
    assert component
    assert libical.icalrestriction_check(component) == 1
    assert libical.icalcomponent_count_errors(component) == 0


STARTS = [
    datetime(2027, month, day, hour, 30, tzinfo=UTC)
    for month, day in ((1, 15), (3, 14), (3, 27), (3, 28), (7, 1), (10, 30), (10, 31), (11, 7))
    for hour in (0, 1, 2, 6, 7)
]


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Asia/Kabul", "America/New_York", "Africa/Casablanca", "Asia/Jerusalem"]
)
def test_reads_the_moment_that_was_meant(libical: Any, zone: str) -> None:
    found = []
    for start in STARTS:
        renamed = octets(start, zone).replace(b"\r\n ", b"").replace(zone.encode(), b"Hearth-Test")
        event = libical.icalcomponent_get_first_component(libical.icalparser_parse_string(renamed), VEVENT)
        moment = libical.icalcomponent_get_dtstart(event)
        found.append(datetime.fromtimestamp(libical.icaltime_as_timet_with_zone(moment, moment.zone), UTC))
    assert found == STARTS
