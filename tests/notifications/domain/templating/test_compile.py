"""A page cut into pieces, made one string, changed, and cut again."""

import pytest

from services.notifications.domain.templating.compile import Marks, cleaned, inlined
from services.notifications.domain.templating.pieces import Maybe, Repeat, Slot, from_json, joined, slots, to_json
from services.notifications.domain.templating.values import ValueKind

NAME = Slot("name", ValueKind.TEXT)
LINK = Slot("link", ValueKind.URL, bare=True)
ROWS = Maybe(
    ("rows",), ("<p>", Repeat("rows", ("<b>", NAME, "</b>", Maybe(("link",), ('<a href="', LINK, '">x</a>')))))
)
PIECES = ("<p>Hello ", NAME, "</p>", ROWS, "<p>end</p>")


def test_comes_back_as_it_was() -> None:
    marks = Marks()
    assert marks.pieces(marks.flat(PIECES)) == PIECES
    assert from_json(to_json(PIECES)) == PIECES


def test_a_slot_that_was_lost_doubled_or_moved_is_noticed() -> None:
    for spoil in (lambda flat: flat.replace("\ue0000\ue001", ""), lambda flat: flat * 2, lambda flat: flat[::-1]):
        marks = Marks()
        with pytest.raises(ValueError, match="slots"):
            marks.pieces(spoil(marks.flat(PIECES)))


def test_the_second_wall_takes_out_what_messages_do_not_use() -> None:
    body = ("<p onclick='x'>a<script>alert(1)</script><img src=x></p>", NAME, '<a href="javascript:x" class="y">z</a>')
    assert cleaned(body) == ("<p>a</p>", NAME, '<a class="y">z</a>')


def test_styles_go_to_their_elements_and_only_rules_for_media_stay() -> None:
    style = "<style>p{color:red}@media print{p{color:blue}}</style>"
    [page] = inlined((f"<html><head><title>t</title>{style}</head><body><p>x</p></body></html>",))
    assert isinstance(page, str)
    assert '<p style="color: red;">' in page
    assert "print" in page.split("</head>")[0] and "color:red" not in page
    assert page.index("<title>") < page.index("<style>")


def test_names_what_is_used_but_not_the_fields_of_rows() -> None:
    assert slots(PIECES) == {"name", "rows"}
    assert joined(["a", "", "b", NAME, "c"]) == ("ab", NAME, "c")
