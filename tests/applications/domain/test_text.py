import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.text import Text, count_words, is_blank, plain_digits, tidy, tidy_line


@pytest.mark.parametrize(
    "name", ["O'Brien-Ñuñez", "محمد", "می‌ترا", "王芳", "👩🏽‍🏫 Nia", "Ọlá", "O", "zero\u200bwidth"]
)
def test_names_of_every_kind_are_kept_as_written(name: str) -> None:
    assert tidy(name) == unicodedata.normalize("NFC", name)


def test_control_characters_surrogates_and_overrides_are_taken_out() -> None:
    assert tidy("a\x00b\x07c\ud800d\u202ee\ufffff") == "abcdef"


def test_line_ends_become_newlines_and_a_line_has_none() -> None:
    assert tidy("one\r\ntwo\rthree") == "one\ntwo\nthree"
    assert tidy_line(" one\r\n two\t three ") == "one two three"


@settings(max_examples=60)
@given(st.text(alphabet=st.characters()))
def test_tidying_twice_changes_nothing_and_the_result_can_be_stored(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert "\x00" not in once.encode("utf-8").decode("utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one", 1),
        ("one  two\nthree", 3),
        ("don't well-known e.g. 3,000", 4),
        ("— … !", 0),
        ("🙂 yes", 1),
        ("أعمل مع الناس", 3),
        ("می‌روم خانه", 2),
        ("我在这里", 4),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_what_cannot_be_seen_is_blank() -> None:
    assert is_blank(" \u200b\u200e\n")
    assert not is_blank("\u200bم")


def test_digits_of_other_scripts_are_read() -> None:
    assert plain_digits("٤٢ and ۴۲") == "42 and 42"


def test_texts_fall_back_to_the_nearest_language() -> None:
    text = Text({"en": "Name", "fa": "نام", "cy": "Enw"})
    assert text.say("cy") == "Enw"
    assert text.say("fa-AF") == "نام" and text.language_of("fa-AF") == "fa"
    assert text.say("de") == "Name" and text.language_of("de") == "en"
    assert Text({"ar": "اسم"}).say("en") == "اسم"
