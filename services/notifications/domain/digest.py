"""When the fortnightly digest goes: periods of fourteen days from a first day, on the programme's own clock."""

from datetime import UTC, date, datetime, timedelta

from services.notifications.domain.moments import zone
from services.notifications.domain.settings import Settings

PERIOD = timedelta(days=14)


def moment_of(first_day: date, settings: Settings) -> datetime:
    """When the digest of the period that begins on this day goes (UTC)."""
    return datetime.combine(first_day, settings.digest_at, zone(settings.zone)).astimezone(UTC)


def period_at(now: datetime, settings: Settings) -> date:
    """The first day of the period whose digest was the last one due at `now`: however long nobody looked, only one."""
    today = now.astimezone(zone(settings.zone)).date()
    begun = settings.digest_first + (today - settings.digest_first) // PERIOD * PERIOD
    return begun if moment_of(begun, settings) <= now else begun - PERIOD


def next_moment(now: datetime, settings: Settings) -> datetime:
    """When the next digest after `now` goes (UTC)."""
    return moment_of(period_at(now, settings) + PERIOD, settings)
