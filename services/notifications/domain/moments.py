"""A time as a person reads it: the day in their language, the clock in figures, and whose clock it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime

from services.notifications.domain.languages import language
from shared.zone_names import zone_name


@dataclass(frozen=True)
class Moment:
    """An instant, or a stretch of time when `until` is given. Both aware; shown on the clock of `zone` (IANA name)."""

    at: datetime
    zone: str = "Europe/London"
    until: datetime | None = None

    def as_json(self) -> dict[str, str | None]:
        """The form in which a message's row keeps it."""
        until = self.until.astimezone(UTC).isoformat() if self.until else None
        return {"at": self.at.astimezone(UTC).isoformat(), "zone": self.zone, "until": until}


def moment(value: object) -> Moment:
    """A Moment from itself or from its JSON form. Raises ValueError for anything else, naive times included."""
    if isinstance(value, Mapping):
        value = _from_json(value)
    if not isinstance(value, Moment):
        raise ValueError("a time is needed: a Moment, or {at, zone, until}")
    if value.at.tzinfo is None or (value.until is not None and value.until.tzinfo is None):
        raise ValueError("a time needs its offset from UTC")
    zone(value.zone)
    return value


def _from_json(value: Mapping[str, object]) -> Moment:
    try:
        until = value.get("until")
        return Moment(
            at=datetime.fromisoformat(str(value["at"])),
            zone=str(value.get("zone") or "Europe/London"),
            until=datetime.fromisoformat(str(until)) if until else None,
        )
    except KeyError:
        raise ValueError("a time needs `at`") from None


def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises ValueError when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone: {name[:60]!r}") from None


@dataclass(frozen=True)
class Words:
    """A moment in words. `day` follows the language's direction, `clock` is always read left to right."""

    day: str
    clock: str
    place: str
    until_day: str | None = None
    until_clock: str | None = None

    def plain(self) -> str:
        """One line, without any marks of direction."""
        end = f" – {self.until_day}, {self.until_clock}" if self.until_day else ""
        return f"{self.day}, {self.clock}{end} ({self.place})"


@lru_cache(maxsize=4096)
def in_words(value: Moment, code: str) -> Words:
    """The moment in the language `code`: "Tuesday 3 March 2026", "14:00–15:30", "UK time"."""
    there = zone(value.zone)
    start = value.at.astimezone(there)
    place = _zone_name(value.zone, code)
    if value.until is None:
        return Words(_day(start, code), f"{start:%H:%M}", place)
    end = value.until.astimezone(there)
    if end.date() == start.date():
        return Words(_day(start, code), f"{start:%H:%M}–{end:%H:%M}", place)
    return Words(_day(start, code), f"{start:%H:%M}", place, _day(end, code), f"{end:%H:%M}")


def short(value: Moment, code: str) -> str:
    """For a subject line: the day and the starting time, no year, no zone."""
    start = value.at.astimezone(zone(value.zone))
    return f"{format_datetime(start, 'd MMMM', locale=language(code).locale)}, {start:%H:%M}"


def _day(value: datetime, code: str) -> str:
    return str(format_datetime(value, "EEEE d MMMM y", locale=language(code).locale))


@lru_cache(maxsize=512)
def _zone_name(name: str, code: str) -> str:
    if name == "Europe/London" and code == "en":
        return "UK time"
    locale = language(code).locale
    return zone_name(zone(name), locale)
