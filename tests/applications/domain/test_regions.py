import pytest

from services.applications.domain.regions import AREAS, REGIONS, read_postcode, region_of


@pytest.mark.parametrize(
    ("text", "written", "region"),
    [
        ("ls1 4ap", "LS1 4AP", "yorkshire"),
        ("LS14AP", "LS1 4AP", "yorkshire"),
        ("M14", "M14", "north_west"),
        ("ec1a1bb", "EC1A 1BB", "london"),
        ("CF24 3AA", "CF24 3AA", "wales"),
        ("BT7", "BT7", "northern_ireland"),
        ("EH6 5NA", "EH6 5NA", "scotland"),
        ("SY23 1AA", "SY23 1AA", "wales"),
        ("SY1 1AA", "SY1 1AA", "west_midlands"),
        ("S40 1AA", "S40 1AA", "east_midlands"),
        ("S3 7AA", "S3 7AA", "yorkshire"),
        ("EN8 9AA", "EN8 9AA", "east_of_england"),
        ("EN1 1AA", "EN1 1AA", "london"),
        ("DA16 1AA", "DA16 1AA", "london"),
        ("DA1 1AA", "DA1 1AA", "south_east"),
        ("CH7 1AA", "CH7 1AA", "wales"),
        ("TD15 1AA", "TD15 1AA", "north_east"),
        ("MK41 1AA", "MK41 1AA", "east_of_england"),
        ("MK9 1AA", "MK9 1AA", "south_east"),
        ("  ls1   4ap ", "LS1 4AP", "yorkshire"),
        ("Ls1.4-aP", "LS1 4AP", "yorkshire"),
        ("w1a\u00a01aa", "W1A 1AA", "london"),
        ("bt1 5gs", "BT1 5GS", "northern_ireland"),
        ("ze1", "ZE1", "scotland"),
    ],
)
def test_postcodes_are_read_and_placed(text: str, written: str, region: str) -> None:
    postcode = read_postcode(text)
    assert postcode is not None
    assert str(postcode) == written and postcode.region == region == region_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "12345",
        "LS1 4A",
        "LS1 4CP",
        "L",
        "LS123 4AP",
        "75001",
        "90210-1234",
        "D02 AF30",
        "محمد",
        "🙂",
        "\u200b",
        "LS1 4AP LS1 4AP",
        "ASCN 1ZZ",
    ],
)
def test_what_is_no_postcode_is_refused(text: str) -> None:
    assert read_postcode(text) is None


@pytest.mark.parametrize("text", ["JE2 3AB", "je23ab", "IM1", "im1 1aa", "GY1 1AA", "QQ1 1AA", "GX11 1AA", "BX1 1LT"])
def test_places_outside_the_regions_have_none(text: str) -> None:
    assert region_of(text) is None


def test_the_table_covers_all_121_areas_and_all_twelve_regions() -> None:
    assert len(AREAS) == 121
    assert set(AREAS.values()) == set(REGIONS) and len(REGIONS) == 12
