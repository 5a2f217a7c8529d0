from typing import Any

import pytest

from services.applications.domain.forms.kinds import Kind
from services.applications.domain.forms.model import Choice, Question
from services.applications.domain.forms.values import date_parts, read_value
from services.applications.domain.text import Text

CHOICES = tuple(
    Choice(value, Text({"en": value.title()}), exclusive=value == "none") for value in ("a", "b", "c", "none")
)


def question(kind: Kind, **settings: Any) -> Question:
    return Question("q", kind, Text({"en": "Label"}), **settings)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.SHORT_TEXT, "  O'Brien-Ñuñez ", "O'Brien-Ñuñez"),
        (Kind.SHORT_TEXT, "محمد", "محمد"),
        (Kind.SHORT_TEXT, "e\u0301", "é"),
        (Kind.SHORT_TEXT, "one\ntwo", "one two"),
        (Kind.SHORT_TEXT, "\u200b", None),
        (Kind.LONG_TEXT, "one\r\ntwo 🙂", "one\ntwo 🙂"),
        (Kind.NUMBER, "£45,000", 45_000),
        (Kind.NUMBER, "45 000", 45_000),
        (Kind.NUMBER, "٤٥٠٠٠", 45_000),
        (Kind.NUMBER, "٤٥٬٠٠٠", 45_000),
        (Kind.NUMBER, "-3", -3),
        (Kind.NUMBER, "12.0", 12),
        (Kind.DATE, "2027-2-8", "2027-02-08"),
        (Kind.DATE, "۲۰۲۷-۰۲-۰۸", "2027-02-08"),
        (Kind.EMAIL, "Amal@Example.ORG", "Amal@example.org"),
        (Kind.EMAIL, "نور@example.org", "نور@example.org"),
        (Kind.PHONE, "+44 (0)113 496 0000", "+44 (0)113 496 0000"),
        (Kind.PHONE, "٠١١٣ ٤٩٦ ٠٠٠٠", "0113 496 0000"),
        (Kind.POSTCODE, "ls14ap", "LS1 4AP"),
        (Kind.CONSENT, "on", True),
        (Kind.CONSENT, "false", None),
        (Kind.YES_NO, "Yes", "yes"),
        (Kind.YES_NO, "0", "no"),
    ],
)
def test_answers_are_read_as_people_write_them(kind: Kind, raw: str, value: object) -> None:
    assert read_value(question(kind), [raw]) == (value, None)


@pytest.mark.parametrize(
    ("kind", "raw", "because"),
    [
        (Kind.NUMBER, "about 40", "write a number"),
        (Kind.NUMBER, "1e9", "write a number"),
        (Kind.NUMBER, "4,5", "write a number"),
        (Kind.NUMBER, "4.5", "write a number"),
        (Kind.NUMBER, "nan", "write a number"),
        (Kind.NUMBER, "9" * 15, "write a number"),
        (Kind.DATE, "2027-02-30", "real date"),
        (Kind.DATE, "8/2/2027", "real date"),
        (Kind.DATE, "27-02-08", "real date"),
        (Kind.EMAIL, "amal@", "email address"),
        (Kind.EMAIL, "amal@example", "email address"),
        (Kind.EMAIL, "a b@example.org", "email address"),
        (Kind.EMAIL, "a@example.org, b@example.org", "email address"),
        (Kind.EMAIL, "a" * 250 + "@example.org", "email address"),
        (Kind.PHONE, "ring me", "phone number"),
        (Kind.PHONE, "123", "phone number"),
        (Kind.POSTCODE, "JE2 3AB", "Channel Islands"),
        (Kind.POSTCODE, "London", "UK postcode"),
        (Kind.YES_NO, "perhaps", "choose one"),
        (Kind.YES_NO, "prefer_not_to_say", "choose one"),
        (Kind.CONSENT, "perhaps", "tick the box"),
        (Kind.SHORT_TEXT, "x" * 501, "500 letters"),
        (Kind.LONG_TEXT, "x" * 20_001, "20000 letters"),
    ],
)
def test_what_cannot_be_understood_is_kept_as_typed_with_a_reason(kind: Kind, raw: str, because: str) -> None:
    value, problem = read_value(question(kind), [raw])
    assert value == raw
    assert problem is not None and because in problem and "Label" in problem


def test_limits_of_numbers_and_dates() -> None:
    number = question(Kind.NUMBER, minimum=1, maximum=10, decimals=1)
    assert read_value(number, ["7.5"]) == (7.5, None)
    assert "least" in str(read_value(number, ["0"])[1]) and "most" in str(read_value(number, ["10.1"])[1])
    date = question(Kind.DATE, earliest="2027-01-01", latest="2027-12-31")
    assert "earliest" in str(read_value(date, ["2026-12-31"])[1]) and "latest" in str(
        read_value(date, ["2028-01-01"])[1]
    )


def test_a_word_limit_counts_words_and_says_how_many_there_are() -> None:
    limited = question(Kind.LONG_TEXT, word_limit=3)
    assert read_value(limited, ["یک دو سه"])[1] is None
    value, problem = read_value(limited, ["one two three four"])
    assert value == "one two three four" and "You have used 4" in str(problem)


def test_a_ten_thousand_word_answer_is_kept_whole_in_a_draft() -> None:
    essay = "word " * 10_000
    value, problem = read_value(question(Kind.LONG_TEXT, word_limit=300), [essay])
    assert value == essay.strip() and "10000" in str(problem)


def test_choices_are_from_the_list() -> None:
    one = question(Kind.CHOICE, choices=CHOICES)
    assert read_value(one, ["b"]) == ("b", None)
    assert read_value(one, ["z"])[1]
    assert read_value(question(Kind.CHOICE, choices=CHOICES, prefer_not_to_say=True), ["prefer_not_to_say"])[1] is None


def test_many_choices_come_in_the_order_of_the_form_and_keep_to_its_limits() -> None:
    many = question(Kind.MANY_CHOICES, choices=CHOICES, most=2)
    assert read_value(many, ["b", "a", "b", ""]) == (["a", "b"], None)
    assert read_value(many, []) == (None, None)
    assert "2 answers at most" in str(read_value(many, ["a", "b", "c"])[1])
    assert "on its own" in str(read_value(many, ["a", "none"])[1])
    assert "in the list" in str(read_value(many, ["a", "z"])[1])


def test_files_are_identifiers_of_uploads() -> None:
    files = question(Kind.FILE, most=2)
    assert read_value(files, ["0192-abc", "x_1"]) == (["0192-abc", "x_1"], None)
    assert read_value(files, ["../etc/passwd"])[1] and read_value(files, ["a", "b", "c"])[1]


def test_the_three_boxes_of_a_date_can_be_filled_again() -> None:
    assert date_parts("2027-02-08") == ("2027", "02", "08")
    assert date_parts("2027--31") == ("2027", "", "31")
    assert date_parts(None) == ("", "", "")
