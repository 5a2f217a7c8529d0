"""A second judge that is not ours: ical.js, which many web calendars read with. It has no zone data, and the zone is
renamed besides: it can only go by the block in the file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notifications.domain.kinds import Method
from tests.judges import icaljs
from tests.notifications.domain.calendar.test_libical import STARTS, octets
from tests.servers.processes import CannotStart

ZONES = ["Europe/London", "Asia/Kabul", "America/New_York", "Africa/Casablanca", "Asia/Jerusalem"]
FAR = [datetime(2041, month, day, hour, 30, tzinfo=UTC) for month, day in ((3, 31), (10, 27)) for hour in (0, 1, 2)]


def judged(files: Sequence[bytes]) -> list[dict[str, Any]]:
    try:
        return icaljs.read(files)
    except CannotStart as error:
        pytest.fail(str(error), pytrace=False)


def test_reads_every_word() -> None:
    start = datetime(2027, 3, 2, 14, tzinfo=UTC)
    wanted = [(zone, method) for zone in ZONES for method in Method]
    for (_, method), found in zip(wanted, judged([octets(start, *each) for each in wanted]), strict=True):
        assert found == {
            "method": method.value,
            "events": 1,
            "uid": "7c1e@hearth.example",
            "sequence": 3,
            "status": "CANCELLED" if method is Method.CANCEL else "CONFIRMED",
            "summary": "Stories; plans, é " * 9,
            "description": "One\nTwo",
            "location": "Room 2",
            "attendees": [["mailto:amal@example.org", "Amal 'A' Haddad; " + "é" * 90]],
            "organizer": "mailto:team@hearth.example",
            "start": start.timestamp(),
            "end": start.timestamp() + 3600,
        }


def test_reads_the_moment_that_was_meant_on_both_sides_of_both_clock_changes() -> None:
    wanted = [(zone, start) for zone in ZONES for start in STARTS + FAR]
    files = [
        octets(start, zone).replace(b"\r\n ", b"").replace(zone.encode(), b"Hearth-Test") for zone, start in wanted
    ]
    found = [(each["start"], each["end"]) for each in judged(files)]
    meant = [(start.timestamp(), start.timestamp() + 3600) for _, start in wanted]
    wrong = [pair for pair, one, other in zip(wanted, found, meant, strict=True) if one != other]
    assert wrong == []


def test_says_so_when_a_file_has_no_zone() -> None:
    """The judge can fail: it does not know any zone by its name."""
    text = octets(STARTS[0], "Europe/London")
    before, _, rest = text.partition(b"BEGIN:VTIMEZONE")
    with pytest.raises(ValueError, match="is not in the file"):
        icaljs.read([before + rest.partition(b"END:VTIMEZONE\r\n")[2]])
