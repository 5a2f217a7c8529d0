"""Content lines: whatever text comes in, one well-formed line comes out."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar.lines import LIMIT, fold, parameter, text

anything = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=60)
@given(anything.map(lambda value: re.sub(r"[\r\n]", " ", value)))
def test_folding_keeps_every_octet_and_cuts_no_character(line: str) -> None:
    folded = fold(line)
    physical = folded.removesuffix(b"\r\n").split(b"\r\n")
    assert folded.endswith(b"\r\n")
    assert all(len(part) <= LIMIT and part.decode() is not None for part in physical)
    assert all(part.startswith(b" ") for part in physical[1:])
    assert folded.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line


def test_folds_at_octets_not_at_characters() -> None:
    assert fold("x" * 75) == b"x" * 75 + b"\r\n"
    assert fold("x" * 76) == b"x" * 75 + b"\r\n x\r\n"
    assert fold("x" * 74 + "é") == b"x" * 74 + b"\r\n " + "é".encode() + b"\r\n"


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab\\;,:\n\"é \t'"), max_size=60))
def test_text_comes_back_as_it_was(value: str) -> None:
    assert unescaped(text(value)) == value
    assert not re.search(r"(?<!\\)(\\\\)*[;,\n]", text(value))


@settings(max_examples=60)
@given(anything)
def test_no_text_ends_its_line_or_its_quotes(value: str) -> None:
    assert not re.search("[\x00-\x08\x0a-\x1f\x7f\x85]", text(value))
    quoted = parameter(value)
    assert re.fullmatch(r'"[^"\x00-\x08\x0a-\x1f\x7f\x85]*"', quoted)


def test_every_kind_of_line_end_becomes_an_escaped_one() -> None:
    assert text("a\r\nb\rc\nd\x85e\u2028f") == r"a\nb\nc\nd\ne\nf"
    assert parameter('a"\r\nATTENDEE:x') == '"a\' ATTENDEE:x"'
