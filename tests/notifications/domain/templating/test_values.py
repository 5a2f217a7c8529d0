"""Values made harmless before they are written anywhere."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.moments import Moment
from services.notifications.domain.templating.values import (
    ValueKind,
    checked,
    clean_filled_line,
    clean_line,
    clean_prose,
    unlinked,
)

anything = st.text(st.characters(), max_size=80)


@settings(max_examples=60)
@given(anything)
def test_a_line_is_one_line_of_printable_text(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(line) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ue000\ue001")
    assert line.encode() is not None
    assert clean_line(line) == line


@settings(max_examples=60)
@given(anything)
def test_prose_is_lines(text: str) -> None:
    prose = clean_prose(text)
    assert all(clean_line(line) == line for line in prose.split("\n"))
    assert "\n\n\n" not in prose


def test_marks_that_words_need_stay() -> None:
    for text in ("می‌شود", "א\u200fב", "e\u0301", "👩\u200d💻"):
        assert clean_line(text) == text


@pytest.mark.parametrize(
    "text", ["http://evil.example/x", "www.evil.com", "Evil.com", "see evil.co.uk now", "a@evil.com"]
)
def test_a_text_is_no_address(text: str) -> None:
    broken = unlinked(text)
    assert broken.replace("\u200b", "") == text
    assert "://" not in broken
    assert not any(f".{end}" in broken for end in ("com", "co", "uk", "example", "evil", "Evil"))


def test_a_text_without_address_stays_as_it_is() -> None:
    for text in ("St. Mary's, Room 3.5", "J. R. Lee", "14.30", "Well... yes"):
        assert unlinked(text) == text


@pytest.mark.parametrize(
    "url",
    [
        "", "javascript:alert(1)", "data:text/html,x", "//evil.example", "/relative", "https://", "ftp://x.example",
        "https://x.example/a b", 'https://x.example/"onclick="x', "https://x.example/<b>", "https://x.example/\r\nBcc:x",
        "https://user@x.example/", "https://x.example/\u202e", "https://é.example/", "mailto:a@b.c", "https:///path",
        "https://x.example/`x`", "https://x.example:port/", "x" * 3000,
    ],
)  # fmt: skip
def test_only_plain_http_addresses_are_urls(url: str) -> None:
    with pytest.raises(ValueError, match=r"needed|[Pp]ort"):
        checked(url, ValueKind.URL)


def test_good_urls_are_kept_to_the_letter() -> None:
    for url in ("https://x.example/a?b=1&c=%20#d", "http://localhost:8080/", "https://[::1]:1/x"):
        assert checked(url, ValueKind.URL) == url


@pytest.mark.parametrize("code", ["", "a b", "a\nb", "é", "https://x.example", "x" * 300, "\u202e1"])
def test_codes_are_plain(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        checked(code, ValueKind.CODE)


@pytest.mark.parametrize("value", [None, 1.5, True, b"bytes", ["list"], {"a": 1}])
@pytest.mark.parametrize("kind", list(ValueKind))
def test_other_things_are_refused(value: object, kind: ValueKind) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checked(value, kind)


def test_numbers_are_text_and_either_is_both() -> None:
    assert checked(12, ValueKind.TEXT) == "12"
    assert checked("Room 2", ValueKind.EITHER) == "Room 2"
    assert isinstance(checked({"at": "2027-03-02T14:00+00:00"}, ValueKind.EITHER), Moment)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("خبر \u2068ABC-123\u2069", "خبر \u2068ABC-123\u2069"),
        ("a \u2068b\u202e\r\nc\u2069  d", "a \u2068b c\u2069 d"),
        ("open \u2068 for ever", "open for ever"),
        ("shut\u2069 \u2066too\u2069", "shut too"),
        ("\u2068a\u2068b\u2069", "a\u2068b\u2069"),
    ],
)
def test_a_filled_line_keeps_isolates_in_pairs_and_no_other_mark(given: str, kept: str) -> None:
    assert clean_filled_line(given) == kept
