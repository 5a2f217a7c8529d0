"""Dates and times for people: in the reader's language and in the zone that the thing itself happens in."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone_gmt
from flask_babel import get_locale

from shared.zone_names import zone_name

DEFAULT_ZONE = "Europe/London"


def _in(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def day(moment: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """ "Friday 5 March 2027"."""
    return "" if moment is None else format_date(_in(moment, zone).date(), "EEEE d MMMM y", locale=get_locale())


def short_day(moment: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """ "5 Mar 2027"."""
    return "" if moment is None else format_date(_in(moment, zone).date(), "d MMM y", locale=get_locale())


def clock_time(moment: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """ "14:02"."""
    return "" if moment is None else format_time(_in(moment, zone), "HH:mm", locale=get_locale())


def moment(value: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """ "Friday 5 March 2027, 14:02 (United Kingdom Time)": never a time without its place.

    In the hour that comes twice when clocks go back, how far that is from GMT is said as well.
    """
    if value is None:
        return ""
    local, locale = _in(value, zone), get_locale()
    comma = "،" if locale is not None and locale.text_direction == "rtl" else ","
    text = format_datetime(local, f"EEEE d MMMM y{comma} HH:mm", locale=get_locale())
    # The zone's own name, not that of the moment: summer time has none in most languages, only "+0100".
    place = zone_name(ZoneInfo(zone), locale)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        place = f"{place}{comma} {get_timezone_gmt(local, width='long', locale=get_locale())}"
    return f"{text} ({place})"


def plain_day(value: date | None) -> str:
    """A date that is in no zone: "5 March 2027"."""
    return "" if value is None else format_date(value, "d MMMM y", locale=get_locale())


def month(value: date) -> str:
    """ "March 2027"."""
    return str(format_date(value, "LLLL y", locale=get_locale()))


def weekday(value: date) -> str:
    """ "Fri"."""
    return str(format_date(value, "ccc", locale=get_locale()))


def iso(value: datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return "" if value is None else value.astimezone(UTC).isoformat(timespec="seconds")


def filters() -> Mapping[str, Callable[..., Any]]:
    """Jinja filters: `x | day(zone)`, `x | moment(zone)` ..."""
    return {
        "day": day,
        "short_day": short_day,
        "clock_time": clock_time,
        "moment": moment,
        "plain_day": plain_day,
        "month": month,
        "weekday": weekday,
        "iso": iso,
    }
