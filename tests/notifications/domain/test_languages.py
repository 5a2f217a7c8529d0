"""Which language a message is written in."""

import pytest

from services.notifications.domain.languages import LANGUAGES, Choice, choose, language

ALL = ["en", "ar", "fa-AF", "cy"]


@pytest.mark.parametrize(
    ("wanted", "available", "expected"),
    [
        ("ar", ALL, Choice("ar", False)),
        ("fa-AF", ALL, Choice("fa-AF", False)),
        ("FA-af", ALL, Choice("fa-AF", False)),
        ("fa", ALL, Choice("fa-AF", True)),
        ("ar-SY", ALL, Choice("ar", True)),
        ("fr", ALL, Choice("en", True)),
        ("ar", ["en"], Choice("en", True)),
        ("fr", ["cy", "ar"], Choice("ar", True)),
        (None, ALL, Choice("en", False)),
        ("", ALL, Choice("en", False)),
        (None, ["cy"], Choice("cy", True)),
    ],
)
def test_picks_the_nearest_and_says_when_it_is_another(
    wanted: str | None, available: list[str], expected: Choice
) -> None:
    assert choose(wanted, available) == expected


def test_knows_the_direction_of_each() -> None:
    assert {code: found.direction for code, found in LANGUAGES.items()} == {
        "en": "ltr", "ar": "rtl", "fa-AF": "rtl", "cy": "ltr",
    }  # fmt: skip
    assert language("tlh") == LANGUAGES["en"]
