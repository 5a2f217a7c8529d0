"""Lists of who was there, as meeting programs write them."""

import pytest

from services.cohorts.domain.attendance_file import Person, read
from shared.errors import Invalid

PEOPLE = [
    Person("a", "Noor O'Brien-Ñuñez", "noor@mail.example"),
    Person("b", "محمد", "m@mail.example"),
    Person("c", "Same Name", "c1@mail.example"),
    Person("d", "Same Name", "c2@mail.example"),
]


def test_people_are_found_by_email_or_by_a_name_that_only_one_has() -> None:
    text = (
        "\ufeffName (original name),User Email,Duration (Minutes)\r\n"
        "NOOR  o'brien-ñuñez,,30\r\n"
        "Somebody,NOOR@mail.example,31.4\r\n"
        "محمد,,\r\n"
        "Same Name,,10\r\n"
        "Stranger,x@mail.example,10\r\n"
        'Same Name,c2@mail.example,"1h 5m"\r\n'
    )
    found = read(text, PEOPLE)
    assert found.minutes == {"a": 61, "b": None, "d": 65}
    assert [(p.line, p.reason.partition("”: ")[2]) for p in found.problems] == [
        (5, "several participants have this name"),
        (6, "no participant has this name or email"),
    ]


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("45", 45), ("45 min", 45), ("1h", 60), ("01:02:59", 62), ("1h 0m 40s", 61), ("59,6", 60), ("0", 0)],
)
def test_times_are_read_as_they_are_written(cell: str, minutes: int) -> None:
    assert read(f"email;minutes\nnoor@mail.example;{cell}\n", PEOPLE).minutes == {"a": minutes}


@pytest.mark.parametrize("cell", ["soon", "-5", "1e9", "nan"])
def test_a_time_that_is_none_is_said_and_the_rest_is_kept(cell: str) -> None:
    found = read(f"email,minutes\nnoor@mail.example,{cell}\nm@mail.example,5\n", PEOPLE)
    assert (found.minutes, [problem.line for problem in found.problems]) == ({"b": 5}, [2])


@pytest.mark.parametrize("text", ["", "\n\n", "email\n", "colour,size\nred,1\n", '"email\n' + "x" * 200_000])
def test_a_file_that_is_no_such_list_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read(text, PEOPLE)
