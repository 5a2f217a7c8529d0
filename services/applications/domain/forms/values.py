"""Reads what somebody typed or ticked into the value of an answer, one reader for each kind of question.

Every reader returns (value, problem). What cannot be understood is returned as typed, so that a draft keeps it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from services.applications.domain.forms.kinds import Kind
from services.applications.domain.forms.model import Question
from services.applications.domain.messages import Message
from services.applications.domain.regions import CROWN_DEPENDENCIES, read_postcode
from services.applications.domain.text import count_words, is_blank, plain_digits, tidy, tidy_line

Value = str | int | float | bool | list[str]
Read = tuple[Value | None, Message | None]

MAX_LINE = 500
MAX_LONG_TEXT = 20_000
MAX_NUMBER = 1e12
_UPLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\s@.<>()\[\],;:\"\\]+\.)+[^\s@.<>()\[\],;:\"\\\d]{2,}")
_PHONE = re.compile(r"\+?[0-9() .\-/]*(?:(?:ext\.?|x)\s*[0-9]{1,6})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[+-]?\d{1,20}(\.\d{1,10})?")
_TRUE = frozenset({"yes", "true", "on", "1", "y"})
_FALSE = frozenset({"no", "false", "off", "0", "n", ""})


def read_value(question: Question, raw: Sequence[str], language: str = "en") -> Read:
    """Return the value of an answer from the raw strings sent for it, and what is wrong with it, if anything.

    The value is None when nothing was answered. `language` is that of the question's label within the message.
    """
    if question.kind in (Kind.MANY_CHOICES, Kind.FILE):
        values = list(dict.fromkeys(tidy_line(one) for one in raw if not is_blank(one)))
        return _LISTS[question.kind](question, values, question.label.say(language)) if values else (None, None)
    typed = next((one for one in raw if not is_blank(one)), "")
    cleaned = tidy(typed) if question.kind is Kind.LONG_TEXT else tidy_line(typed)
    if not cleaned:
        return None, None
    return _SINGLES[question.kind](question, cleaned, question.label.say(language))


def _short_text(question: Question, typed: str, label: str) -> Read:
    return typed, _too_long(question, typed, label, MAX_LINE)


def _long_text(question: Question, typed: str, label: str) -> Read:
    return typed, _too_long(question, typed, label, MAX_LONG_TEXT)


def _too_long(question: Question, typed: str, label: str, characters: int) -> Message | None:
    words = count_words(typed)
    if question.word_limit is not None and words > question.word_limit:
        return Message(
            "“%(label)s”: use %(limit)s words or fewer. You have used %(words)s.",
            label=label,
            limit=question.word_limit,
            words=words,
        )
    if len(typed) > characters:
        return Message(
            "“%(label)s”: use %(limit)s letters or fewer. You have used %(used)s.",
            label=label,
            limit=characters,
            used=len(typed),
        )
    return None


def _choice(question: Question, typed: str, label: str) -> Read:
    if typed in {option.value for option in question.options}:
        return typed, None
    return typed, Message("“%(label)s”: choose one of the answers in the list.", label=label)


def _yes_no(question: Question, typed: str, label: str) -> Read:
    lowered = typed.casefold()
    if lowered in _TRUE or lowered in _FALSE:
        return "yes" if lowered in _TRUE else "no", None
    return _choice(question, typed, label)


def _consent(_: Question, typed: str, label: str) -> Read:
    lowered = typed.casefold()
    if lowered in _TRUE:
        return True, None
    if lowered in _FALSE:
        return None, None
    return typed, Message("“%(label)s”: tick the box, or leave it empty.", label=label)


def _many(question: Question, values: list[str], label: str) -> Read:
    options = {option.value: option for option in question.options}
    if any(value not in options for value in values):
        return values, Message("“%(label)s”: choose only answers in the list.", label=label)
    if question.most is not None and len(values) > question.most:
        return values, Message("“%(label)s”: choose %(most)s answers at most.", label=label, most=question.most)
    alone = next((options[value] for value in values if options[value].exclusive), None)
    if alone is not None and len(values) > 1:
        return values, Message(
            "“%(label)s”: choose “%(alone)s” on its own, or leave it out.",
            label=label,
            alone=alone.label.say(),
        )
    return sorted(values, key=list(options).index), None


def _files(question: Question, values: list[str], label: str) -> Read:
    if not all(_UPLOAD.fullmatch(value) for value in values):
        return values, Message("“%(label)s”: add the file again.", label=label)
    most = question.most or 1
    if len(values) > most:
        return values, Message("“%(label)s”: add %(most)s files at most.", label=label, most=most)
    return values, None


def _number(question: Question, typed: str, label: str) -> Read:
    number = _parse_number(typed, question)
    if number is None:
        return typed, Message(
            "“%(label)s”: write a number, such as %(example)s.",
            label=label,
            example="45000" if not question.decimals else "7.5",
        )
    if question.minimum is not None and number < question.minimum:
        return number, Message(
            "“%(label)s”: %(limit)s is the least it can be.", label=label, limit=f"{question.minimum:g}"
        )
    if question.maximum is not None and number > question.maximum:
        return number, Message(
            "“%(label)s”: %(limit)s is the most it can be.",
            label=label,
            limit=f"{question.maximum:,.{question.decimals}f}",
        )
    return number, None


def _parse_number(typed: str, question: Question) -> int | float | None:
    text = plain_digits(typed).replace("٬", ",").replace("٫", ".").replace("−", "-")
    for sign in ("£", "€", "$", "%", question.unit):
        text = text.removeprefix(sign).removesuffix(sign).strip() if sign else text
    text = re.sub(r"(?<=\d)[\s'’](?=\d{3}(\D|$))", "", text)
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    number = float(text.replace(",", ""))
    if abs(number) > MAX_NUMBER or (not question.decimals and number != int(number)):
        return None
    return round(number, question.decimals) if question.decimals else int(number)


def _date(question: Question, typed: str, label: str) -> Read:
    found = _parse_date(typed)
    if found is None:
        return typed, Message("“%(label)s”: write a real date, with day, month and year.", label=label)
    written = found.isoformat()
    if question.earliest is not None and written < question.earliest:
        return written, Message("“%(label)s”: the earliest date is %(limit)s.", label=label, limit=question.earliest)
    if question.latest is not None and written > question.latest:
        return written, Message("“%(label)s”: the latest date is %(limit)s.", label=label, limit=question.latest)
    return written, None


def _parse_date(typed: str) -> date | None:
    parts = [part.strip() for part in plain_digits(typed).split("-")]
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts) or len(parts[0]) != 4:
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None


def date_parts(value: object) -> tuple[str, str, str]:
    """Return (year, month, day) as they were typed, from a date answer or a draft of one; empty where missing."""
    parts = (*str(value or "").split("-"), "", "", "")
    return parts[0], parts[1], parts[2]


def _email(_: Question, typed: str, label: str) -> Read:
    local, _at, domain = typed.rpartition("@")
    address = f"{local}@{domain.lower()}"
    if len(typed) <= 254 and ".." not in typed and _EMAIL.fullmatch(typed):
        return address, None
    return typed, Message("“%(label)s”: write an email address, such as name@example.org.", label=label)


def _phone(_: Question, typed: str, label: str) -> Read:
    number = plain_digits(typed)
    if _PHONE.fullmatch(number) and 7 <= sum(sign.isdigit() for sign in number) <= 21:
        return number, None
    return typed, Message("“%(label)s”: write a phone number, such as 0113 496 0000 or +44 113 496 0000.", label=label)


def _postcode(_: Question, typed: str, label: str) -> Read:
    found = read_postcode(plain_digits(typed))
    if found is not None and found.region is not None:
        return str(found), None
    if found is not None and found.area in CROWN_DEPENDENCIES:
        return typed, Message(
            "“%(label)s”: the Channel Islands and the Isle of Man are not in a UK region. Write a UK postcode.",
            label=label,
        )
    return typed, Message(
        "“%(label)s”: write a UK postcode, such as LS1 4AP, or its first half, such as LS1.", label=label
    )


_SINGLES: Mapping[Kind, Callable[[Question, str, str], Read]] = {
    Kind.SHORT_TEXT: _short_text,
    Kind.LONG_TEXT: _long_text,
    Kind.ORGANISATION: _short_text,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.CONSENT: _consent,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.POSTCODE: _postcode,
}
_LISTS: Mapping[Kind, Callable[[Question, list[str], str], Read]] = {
    Kind.MANY_CHOICES: _many,
    Kind.FILE: _files,
}
