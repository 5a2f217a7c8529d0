from collections.abc import Callable
from decimal import Decimal

import pytest

from services.cohorts.domain.selection.csv_files import at_most_one_per, read_pins, read_pool, read_targets
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.targets import AtMost, Target
from shared.errors import Invalid

GOOD = "id,score,region\n1,7.5,Łódź\n2,6,Süd\n"


def problems(read: Callable[[], object]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        read()
    return [text for texts in refused.value.problems.values() for text in texts]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_spreadsheets_save_are_read(encoding: str) -> None:
    pool = read_pool("POOL", GOOD.encode(encoding), "id", "score")
    assert pool.ids == ("1", "2")
    assert pool.columns["region"].values == ("Łódź", "Süd")
    assert [pool.points(int(gain)) for gain in pool.gains] == [Decimal("7.5"), Decimal("6.0")]


def test_windows_1252_and_semicolons_and_blank_lines_are_read() -> None:
    data = "id;region\r\n\r\n1;Süd\r\n;\r\n2;Nord\r\n".encode("windows-1252")
    assert read_pool("POOL", data).columns["region"].values == ("Süd", "Nord")


def test_a_quoted_cell_over_two_lines_does_not_shift_the_line_numbers() -> None:
    told = problems(lambda: read_pool("POOL", b'id,note\n1,"a\nb"\n1,c\n'))
    assert told == ["POOL, line 4: the id “1” is already on line 3."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["POOL: the file is empty."]),
        ("\n\n", ["POOL: the file is empty."]),
        ("id,score\n", ["POOL, line 1: there is a header but no row under it."]),
        ("name,score\na,1\n", ["POOL, line 1: there is no column “id”; the columns are name, score."]),
        ("id,score,score\n1,2,3\n", ["POOL, line 1: the column “score” is named twice."]),
        ("id,score\n1,high\n", ["POOL, line 2: the score “high” is not a number."]),
        ("id,score\n1,1\n2,\n", ["POOL, line 3: the score “” is not a number."]),
        ("id,score\n1,nan\n", ["POOL, line 2: the score “nan” is not a number."]),
        ("id,score\n1,1e12\n", ["POOL, line 2: the score 1e12 is too large."]),
        ("id,score\n,1\n", ["POOL, line 2: the column “id” is blank."]),
        ("id,score\n1,1\n1,2\n", ["POOL, line 3: the id “1” is already on line 2."]),
        ("id,score\n1,1,9\n", ["POOL, line 2: there are 3 cells but only 2 columns."]),
        ("id,score\n\0\0,1\n", ["POOL: this is not a text file."]),
    ],
)  # fmt: skip
def test_a_bad_pool_is_told_by_line(text: str, told: list[str]) -> None:
    assert problems(lambda: read_pool("POOL", text.encode(), "id", "score")) == told


POOL = Pool.build(list("abc"), None, {"gender": list("WMW"), "region": ["North & East", "South", "South"]})


def targets(text: str, size: int = 10) -> list[object]:
    return list(read_targets("TARGETS", text.encode(), POOL, size))


def test_counts_shares_weights_and_combinations() -> None:
    found = targets(
        "feature,value,min,max,weight\ngender,W,25%,75%,3\nregion,North & East,1,,\ngender & region,M & South,,2,\n"
    )
    assert found == [
        Target.of({"gender": "W"}, 3, 7, 3),
        Target.of({"region": "North & East"}, 1),
        Target.of({"gender": "M", "region": "South"}, 0, 2),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("gender,W,3,2", "the minimum, 3, is more than the maximum, 2."),
        ("planet,Mars,1,2", "the pool has no column “planet”."),
        ("gender,W,some,2", "“some” is not a number."),
        ("gender,W,1.5,2", "“1.5” must be a whole number from 0 up, or a share from 0% to 100%."),
        ("gender,W,-1,2", "“-1” must be a whole number from 0 up, or a share from 0% to 100%."),
        ("gender,W,,120%", "“120%” must be a whole number from 0 up, or a share from 0% to 100%."),
        ("gender & region,W,1,2", "there are 2 features but 1 values."),
    ],
)
def test_a_bad_target_is_told_by_line(row: str, told: str) -> None:
    assert problems(lambda: targets(f"feature,value,min,max\ngender,M,0,1\n{row}\n")) == [f"TARGETS, line 3: {told}"]


def test_the_same_target_twice_is_told() -> None:
    told = problems(lambda: targets("feature,value,min,max\ngender,M,0,1\ngender,M,1,1\n"))
    assert told == ["TARGETS, line 3: “gender”, “M” is already on line 2."]


def test_pins_with_and_without_a_header() -> None:
    assert read_pins("PINS", b"id\na\nc\n", POOL) == ("a", "c")
    assert read_pins("PINS", b"\xef\xbb\xbfa,because\nc,so\n", POOL) == ("a", "c")
    assert read_pins("PINS", b"", POOL) == ()


def test_unknown_and_repeated_pins_are_told_by_line() -> None:
    told = problems(lambda: read_pins("PINS", b"a\nzz\na\n", POOL))
    assert told == [
        "PINS, line 2: nobody in the pool has the id “zz”.",
        "PINS, line 3: the id “a” is already on line 1.",
    ]


def test_at_most_one_per_needs_a_column_of_the_pool() -> None:
    assert at_most_one_per("--x", ("gender",), POOL) == [AtMost("gender", 1)]
    assert problems(lambda: at_most_one_per("--x", ("org",), POOL)) == ["--x: the pool has no column “org”."]
