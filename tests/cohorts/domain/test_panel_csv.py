"""Lists of reviewers, as spreadsheets save them."""

import pytest

from services.cohorts.domain.panel_csv import decoded, read_panel

LIST = """Name,Email,Languages,Capacity,Organisation,Expertise
Ada Rhys,ada@one.example,English; Arabic,12,One Trust,Housing; Health
Ben Owusu,,en,5,,
Cleo Haddad,cleo@two.example,Klingonese!,5,,
Dai Puw,dai@three.example,cy,many,,
Efe,efe@four.example
"""


def test_good_rows_are_kept_and_bad_ones_told_with_their_line() -> None:
    rows, bad = read_panel(LIST)
    assert [(row.line, row.name) for row in rows] == [(2, "Ada Rhys"), (6, "Efe")]
    assert rows[0].languages == ("en", "ar")
    assert rows[0].expertise == ("Housing", "Health")
    assert (rows[0].capacity, rows[1].capacity) == (12, None)
    assert [row.line for row in bad] == [3, 4, 5]
    assert "no email" in bad[0].reason
    assert "Klingonese!" in bad[1].reason


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, str.upper])
def test_line_ends_marks_and_capitals_change_nothing(change) -> None:
    rows, bad = read_panel(change(LIST))
    assert [row.email.lower() for row in rows] == ["ada@one.example", "efe@four.example"]
    assert len(bad) == 3


def test_semicolons_and_tabs_part_columns_too() -> None:
    for delimiter in (";", "\t"):
        rows, bad = read_panel(f"email{delimiter}name\nada@one.example{delimiter}Ada\n")
        assert (rows[0].name, bad) == ("Ada", [])


def test_a_list_without_a_header_is_read_in_order() -> None:
    rows, _ = read_panel("Ada,ada@one.example,cy,7\n")
    assert (rows[0].email, rows[0].languages, rows[0].capacity) == ("ada@one.example", ("cy",), 7)
    rows, _ = read_panel("ada@one.example,Ada\n")
    assert (rows[0].email, rows[0].name) == ("ada@one.example", "Ada")


@pytest.mark.parametrize("text", ["", "\n\n", "colour,size\nred,9\n"])
def test_what_is_no_list_is_said_to_be_none(text) -> None:
    rows, bad = read_panel(text)
    assert rows == []
    assert len(bad) == 1


def test_a_file_of_an_old_spreadsheet_can_be_read() -> None:
    assert decoded("Zoë".encode("cp1252")) == decoded("Zoë".encode()) == "Zoë"
