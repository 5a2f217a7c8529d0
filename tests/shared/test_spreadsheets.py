"""What a person typed stays text in a spreadsheet."""

import csv
import io

import pytest
from openpyxl import load_workbook

from shared.spreadsheets import as_csv, as_xlsx

HOSTILE = ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", " =HYPERLINK(1)", "\u200b=1", 'O\'Brien, "x"\nنور', ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_file_begins_as_a_formula_does(text: str) -> None:
    content = as_csv(["who", "n"], [[text, -3]]).decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(content))
    assert row[0].lstrip("'") == text.lstrip("'")
    assert not row[0].lstrip(" \n\u200b").startswith(("=", "+", "-", "@", "\t"))
    assert row[1] == "-3"


def test_a_workbook_holds_texts_and_numbers_and_no_formula() -> None:
    content = as_xlsx("Round [1]: a/b", ["who", "n"], [[text, 1.5] for text in [*HOSTILE[:-1], "bad\x00"]])
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == [*HOSTILE[:-1], "bad"]
    assert {row[0].data_type for row in rows} == {"s"}
    assert {row[1].value for row in rows} == {1.5}
