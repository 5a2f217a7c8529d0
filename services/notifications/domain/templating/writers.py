"""How a value is written where it goes: in HTML, in plain text, in a subject line."""

import html
import unicodedata
from collections.abc import Callable

from services.notifications.domain.languages import Language
from services.notifications.domain.moments import Moment, in_words, short
from services.notifications.domain.templating.pieces import Slot
from services.notifications.domain.templating.values import Value, ValueKind
from services.notifications.domain.templating.words import word

Writer = Callable[[Slot, Value], str]

MAX_IN_LINE = 80
"""A longer value is cut in a subject; the message itself has it whole."""

MAX_UNBROKEN = 20
"""A code up to this length is never broken over two lines."""

MAX_UNBROKEN_ADDRESS = 30
"""An email address up to this length, which a narrow telephone has room for, is not broken at its hyphens either."""

_CODE_STYLE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-weight:bold;letter-spacing:.05em"
_URL_STYLE = "font-size:.88em;word-break:break-all"


def html_writer(lang: Language) -> Writer:
    """Writes values into HTML, isolated from the direction of the text around them."""

    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return in_words(value, lang.code).plain() if slot.bare else _html_moment(value, lang)
        if slot.kind is ValueKind.WORD:
            value = word(value, lang.code)
        safe = html.escape(value)
        return safe if slot.bare else _html_value(slot.kind, safe)

    return write


def _html_value(kind: ValueKind, safe: str) -> str:
    if kind is ValueKind.CODE and "@" in safe:
        whole = ' style="white-space:nowrap"' if len(safe) <= MAX_UNBROKEN_ADDRESS else ""
        return f'<bdi dir="ltr"{whole}>{safe}</bdi>'
    if kind is ValueKind.CODE:
        whole = ";white-space:nowrap" if len(safe) <= MAX_UNBROKEN else ""
        return f'<bdi dir="ltr" style="{_CODE_STYLE}{whole}">{safe}</bdi>'
    if kind is ValueKind.URL:
        return f'<bdi dir="ltr" style="{_URL_STYLE}">{safe}</bdi>'
    if kind is ValueKind.PROSE:
        safe = safe.replace("\n", "<br>\n")
    return f"<bdi>{safe}</bdi>"


def _html_moment(value: Moment, lang: Language) -> str:
    words = in_words(value, lang.code)
    comma = _comma(lang)
    shown = f"<bdi>{html.escape(words.day)}</bdi>{comma} {_html_clock(words.clock)}"
    if words.until_day and words.until_clock:
        shown += f" – <bdi>{html.escape(words.until_day)}</bdi>{comma} {_html_clock(words.until_clock)}"
    return f"{shown} (<bdi>{html.escape(words.place)}</bdi>)"


def _html_clock(clock: str) -> str:
    return f'<bdi dir="ltr" style="white-space:nowrap">{clock}</bdi>'


def _text_moment(value: Moment, lang: Language) -> str:
    words = in_words(value, lang.code)
    if lang.direction == "ltr":
        return words.plain()
    comma, clock = _comma(lang), f"\u2066{words.clock}\u2069"
    until = f" – {words.until_day}{comma} \u2066{words.until_clock}\u2069" if words.until_day else ""
    return f"{words.day}{comma} {clock}{until} ({words.place})"


def _comma(lang: Language) -> str:
    return "،" if lang.direction == "rtl" else ","


def text_writer(lang: Language) -> Writer:
    """Writes values into plain text."""

    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return _text_moment(value, lang)
        if slot.kind is ValueKind.WORD:
            return word(value, lang.code)
        return value if slot.kind is ValueKind.URL else _isolated(value, lang)

    return write


def line_writer(lang: Language) -> Writer:
    """Writes values into one line, the subject."""

    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return short(value, lang.code).replace(",", _comma(lang))
        if slot.kind is ValueKind.WORD:
            return word(value, lang.code)
        shown = value if len(value) <= MAX_IN_LINE else value[: MAX_IN_LINE - 1].rstrip() + "…"
        return _isolated(shown, lang)

    return write


def _isolated(value: str, lang: Language) -> str:
    """Text of the other direction between isolate marks, so that it cannot reorder its surroundings."""
    strong = {unicodedata.bidirectional(character) for character in value} & {"L", "R", "AL"}
    other = {"L"} if lang.direction == "rtl" else {"R", "AL"}
    return f"\u2068{value}\u2069" if strong & other else value
