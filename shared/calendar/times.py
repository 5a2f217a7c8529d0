"""Times of an event as iCalendar writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def utc(moment: datetime) -> str:
    """An instant (aware), as UTC."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def local_time(name: str, moment: datetime, zone_name: str) -> str:
    """The property `name` as local time with its zone (an IANA name); as UTC in the hour that a clock shows twice.

    A local time that occurs twice means the first of them (RFC 5545, 3.3.5), but not every program knows that.
    """
    local = moment.astimezone(ZoneInfo(zone_name))
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return f"{name}:{utc(moment)}"
    return f"{name};TZID={zone_name}:{local:%Y%m%dT%H%M%S}"
