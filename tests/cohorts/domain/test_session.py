"""Wall time to real time, in every zone and over every clock change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.session import resolve
from shared.errors import Invalid

_ZONES = ["Europe/London", "America/New_York", "Asia/Kabul", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]


@settings(max_examples=60)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda d: d.replace(second=0, microsecond=0)),
    st.sampled_from(_ZONES),
    st.sampled_from([0, 1]),
)
def test_what_is_resolved_shows_the_same_wall_time(local: datetime, zone: str, fold: int) -> None:
    try:
        times = resolve(local, 60, zone, fold)
    except Invalid:
        # Only a time that no clock in the zone ever shows is refused.
        back = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
        assert back.replace(tzinfo=None) != local
        return
    assert times.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    assert times.ends_at - times.starts_at == timedelta(hours=1)
