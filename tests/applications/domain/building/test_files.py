import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.building.editing import problems_of
from services.applications.domain.building.files import decode, read_file, storable, write_file
from services.applications.domain.samples.files import form_definition
from shared.errors import Invalid


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_goes_out_comes_back_the_same(kind):
    form = form_definition()
    form["title"] = {"en": "O'Brien-Ñuñez 🙂 yes: #1", "ar": "محمد\u200c", "cy": "no", "fa-AF": "2027-01-01"}
    assert read_file(write_file(form, kind)).definition == form


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("title: [1", "Line 1, column 10: expected ',' or ']'"),
        ("title: x\nsections: *all", "Line 2, column 11: copies with * are not understood here"),
        ('{"title": "x",}', "Line 1, column 15: "),
        ("only words", "Line 1: a form begins with named values"),
        ("", "Line 1: a form begins with named values"),
        ("title: a\ntitle: b", "Line 2, column 1: “title” is given twice here."),
        ("[" * 3000, "nested too deeply"),
        ("title: \x00", "signs that no YAML"),
        ("a: !!python/object:os.system x", "Line 1: a form begins"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text, because):
    try:
        found = read_file(text)
    except Invalid as invalid:
        assert because in invalid.problems["file"][0] or "Line 1" in because
    else:
        assert found.definition == {"a": "x"}


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_what_is_wrong_inside_is_told_with_its_line(kind):
    form = form_definition()
    form["sections"][1]["questions"][0]["kind"] = "color"
    text = write_file(form, kind)
    lines = read_file(text).located(problems_of(form))
    line = next(one for one in lines if "must be one of" in one)
    assert "color" in text.splitlines()[int(line.split()[1]) - 1]


def test_files_that_are_no_text_and_files_that_are_too_large():
    with pytest.raises(Invalid, match="not a text file"):
        decode(b"title: \xff\xfe")
    with pytest.raises(Invalid, match="too large"):
        decode(b"x" * 500_001)
    assert decode("\ufefftitle: é".encode()) == "title: é"


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="a:{}[]-\n \t\"'&*!|>%@0", max_size=40)))
def test_nothing_in_a_file_breaks_the_reader(text):
    try:
        found = read_file(text).definition
    except Invalid as invalid:
        assert invalid.problems["file"]
    else:
        json.dumps(found, default=str)


def test_what_no_database_can_hold_is_found():
    assert storable({"title": "emoji 🙂"}) and not storable({"a": "\ud800"}) and not storable({"a": float("nan")})
