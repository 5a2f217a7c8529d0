"""Dates and times in the zone of the thing itself, through both changes of the clock."""

from datetime import UTC, datetime

import pytest
from flask_babel import force_locale

from shared.web.moments import clock_time, day, iso, moment, short_day
from tests.shared.web.site import Site


def said(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def _page(site: Site):  # type: ignore[no-untyped-def]
    with site.service.web.test_request_context("/toy/open"):
        yield


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "00:59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "02:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "01:30"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "01:30"),
    ],
)
def test_the_clock_changes_in_london(at: datetime, shown: str) -> None:
    assert clock_time(at) == shown


def test_the_hour_that_comes_twice_is_told_apart_by_its_zone() -> None:
    first, second = (moment(datetime(2027, 10, 31, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    later = datetime(2027, 10, 31, 2, 30, tzinfo=UTC)
    assert said(first) == "Sunday 31 October 2027, 01:30 (United Kingdom Time, GMT+01:00)"
    assert said(second).startswith("Sunday 31 October 2027, 01:30 (United Kingdom Time, GMT") and second != first
    assert said(moment(later)) == "Sunday 31 October 2027, 02:30 (United Kingdom Time)"


def test_the_day_is_the_day_there() -> None:
    late = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    assert day(late) == "Thursday 1 July 2027"
    assert day(late, "America/New_York") == "Wednesday 30 June 2027"
    assert short_day(late, "Asia/Kabul") == "1 Jul 2027"
    assert clock_time(late, "Asia/Kabul") == "04:00"


def test_the_readers_language() -> None:
    at = datetime(2027, 3, 5, 12, 0, tzinfo=UTC)
    with force_locale("cy"):
        assert day(at) == "Dydd Gwener 5 Mawrth 2027"
    with force_locale("ar"):
        assert "الجمعة" in day(at)


def test_nothing_is_shown_for_nothing() -> None:
    assert [show(None) for show in (day, short_day, clock_time, moment, iso)] == [""] * 5


def test_the_attribute_of_time_is_utc() -> None:
    assert iso(datetime(2027, 7, 1, 0, 30, 15, 99, tzinfo=UTC)) == "2027-07-01T00:30:15+00:00"


@pytest.mark.parametrize(("language", "comma"), [("ar", "،"), ("fa_AF", "،"), ("cy", ","), ("en", ",")])
def test_the_comma_is_that_of_the_script(language: str, comma: str) -> None:
    with force_locale(language):
        assert f"{comma} " in moment(datetime(2027, 6, 30, 23, 30, tzinfo=UTC))


def test_the_zone_is_called_as_its_speakers_write_it() -> None:
    at = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    with force_locale("cy"):
        assert moment(at).endswith("(Amser y Deyrnas Unedig)")
    with force_locale("en"):
        assert moment(at).endswith("(United Kingdom Time)")
