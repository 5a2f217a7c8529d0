"""Times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain.moments import Moment, in_words, moment, short

WINTER = datetime(2027, 3, 2, 14, tzinfo=UTC)
SUMMER = datetime(2027, 7, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (Moment(WINTER), "en", "Tuesday 2 March 2027, 14:00 (UK time)"),
        (Moment(SUMMER), "en", "Friday 2 July 2027, 15:00 (UK time)"),
        (Moment(WINTER, until=WINTER + timedelta(hours=1)), "en", "Tuesday 2 March 2027, 14:00–15:00 (UK time)"),
        (
            Moment(WINTER, until=WINTER + timedelta(hours=12)),
            "en",
            "Tuesday 2 March 2027, 14:00 – Wednesday 3 March 2027, 02:00 (UK time)",
        ),
        (Moment(WINTER, "Asia/Kabul"), "en", "Tuesday 2 March 2027, 18:30 (Afghanistan Time)"),
        (Moment(WINTER), "cy", "Dydd Mawrth 2 Mawrth 2027, 14:00 (Amser y Deyrnas Unedig)"),
        (Moment(WINTER), "ar", "الثلاثاء 2 مارس 2027, 14:00 (توقيت المملكة المتحدة)"),
        (Moment(WINTER), "fa-AF", "سه‌شنبه 2 مارچ 2027, 14:00 (وقت بریتانیا)"),
    ],
)
def test_says_the_day_the_clock_and_whose(value: Moment, code: str, expected: str) -> None:
    assert in_words(value, code).plain() == expected


def test_a_stretch_over_the_clock_change_shows_what_clocks_show() -> None:
    start = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert in_words(Moment(start, until=start + timedelta(hours=1)), "en").clock == "01:30–01:30"


def test_is_short_for_a_subject() -> None:
    assert short(Moment(SUMMER), "en") == "2 July, 15:00"


def test_goes_through_json_and_back() -> None:
    for value in (Moment(WINTER), Moment(SUMMER, "Asia/Kabul", SUMMER + timedelta(hours=2))):
        assert moment(value.as_json()) == value


@pytest.mark.parametrize(
    "value",
    [
        None, "2027-03-02T14:00Z", 5, {}, {"at": "tomorrow"}, {"at": "2027-03-02T14:00"}, Moment(datetime(2027, 3, 2)),
        Moment(WINTER, "Mars/Olympus"), Moment(WINTER, "/etc/passwd"), Moment(WINTER, until=datetime(2027, 3, 2)),
        {"at": "2027-03-02T14:00Z", "zone": "\x00"},
    ],
)  # fmt: skip
def test_refuses_what_is_no_moment(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(value)
