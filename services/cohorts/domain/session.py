"""Wall time and real time of sessions. The wall time in its zone is the promise; UTC follows from it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from shared.errors import Invalid

LONGEST = 12 * 60
SCHEDULED, CANCELLED = "scheduled", "cancelled"
INVITED, SIGN_UP = "invited", "sign_up"
JOINING = (INVITED, SIGN_UP)
GOING, WAITING = "going", "waiting"


@dataclass(frozen=True, slots=True)
class Times:
    """A session's times: what the wall clock shows (naive), which of two passes over it, and UTC."""

    local_start: datetime
    fold: int
    starts_at: datetime
    ends_at: datetime


@cache
def zones() -> frozenset[str]:
    """Every IANA zone by name; looked up once, since it walks the disk."""
    return frozenset(available_timezones())


def read_zone(name: str) -> ZoneInfo:
    """An IANA zone by name; raises Invalid for any other text."""
    if name not in zones():
        raise Invalid({"zone": ["Choose a time zone from the list, such as Europe/London."]})
    return ZoneInfo(name)


def resolve(local_start: datetime, minutes: int, zone: str, fold: int | None = None) -> Times:
    """Real times of a session that begins when clocks in `zone` show `local_start` (naive).

    `fold` chooses between the two passes when the clocks go back; None asks.

    Raises:
        Invalid: the time is skipped by a clock change, or comes twice and `fold` does not say which is meant.
    """
    place = read_zone(zone)
    if not 5 <= minutes <= LONGEST:
        raise Invalid({"minutes": [f"A session lasts from 5 minutes to {LONGEST // 60} hours."]})
    passes = [local_start.replace(tzinfo=place, fold=f).astimezone(UTC) for f in (0, 1)]
    chosen = _on_a_clock_change(local_start, place, passes, fold) if passes[0] != passes[1] else 0
    start = passes[chosen]
    return Times(local_start, chosen, start, start + timedelta(minutes=minutes))


def _on_a_clock_change(local: datetime, place: ZoneInfo, passes: list[datetime], fold: int | None) -> int:
    if passes[0].astimezone(place).replace(tzinfo=None) != local:
        # Within the gap, the reading with the offset from before the change lands after it, and the other way round.
        earlier, later = sorted(p.astimezone(place).strftime("%H:%M") for p in passes)
        raise Invalid(
            {
                "start": [
                    f"The clocks go forward over {local:%H:%M} that day, so that time does not exist. "
                    f"Choose {earlier} or {later} instead."
                ]
            }
        )
    if fold not in (0, 1):
        first, second = (p.astimezone(place).strftime("%Z") for p in passes)
        raise Invalid(
            {
                "fold": [
                    f"The clocks go back that day, so {local:%H:%M} comes twice. "
                    f"Say whether you mean the first ({first}) or the second ({second})."
                ]
            }
        )
    return fold


def reminder_at(starts_at: datetime, now: datetime) -> datetime | None:
    """When to remind: a day before; None when that has passed."""
    at = starts_at - timedelta(hours=24)
    return at if at > now else None
