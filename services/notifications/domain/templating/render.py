"""Filling a published template: values are checked and made harmless once, then strings are joined."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import Language, language
from services.notifications.domain.moments import Moment, in_words, short
from services.notifications.domain.templating.components import COMPONENTS, placeholders
from services.notifications.domain.templating.pieces import Maybe, Pieces, Repeat, Slot
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.values import Placeholder, Rows, Value, ValueKind, checked
from services.notifications.domain.templating.words import word
from shared.errors import Invalid

MAX_HTML = 100_000
MAX_SUBJECT = 200

Checked = Mapping[str, Value | Rows]
Writer = Callable[[Slot, Value], str]


@dataclass(frozen=True)
class Rendered:
    """A finished message. `subject` is one line; `html` under 100 KB; `text` its plain twin, lines ended by LF."""

    subject: str
    html: str
    text: str


def render(template: Published, values: Mapping[str, object]) -> Rendered:
    """Fill the template. `values` holds text, Moments (or their JSON form) and lists of rows; extra ones are ignored.

    Raises Invalid naming each value that is missing or of the wrong form, or `html` when the message is too long.
    """
    known = check_values(template, values)
    lang = language(template.language)
    page = _join(template.html, known, _html_writer(lang))
    if len(page.encode()) >= MAX_HTML:
        raise Invalid({"html": ["This message is too long for an email."]})
    subject = _join(template.subject, known, _line_writer(lang))
    text = re.sub("\n{3,}", "\n\n", _join(template.text, known, _text_writer(lang)))
    return Rendered(" ".join(subject.split())[:MAX_SUBJECT], page, text)


def check_values(template: Published, values: Mapping[str, object]) -> Checked:
    """The values that the template uses, each made harmless for its kind. Raises Invalid."""
    kind = KINDS[template.kind]
    spec, problems = kind.all_placeholders(), dict[str, list[str]]()
    known: dict[str, Value | Rows] = {}
    for name in sorted(template.names()):
        if name in spec:
            _check(name, spec[name], values.get(name), known, problems, name)
        else:
            known[name] = _rows(name, values.get(name), problems)
    if problems:
        raise Invalid(problems, f"This {template.kind} message cannot be written.")
    return known


def _rows(name: str, rows: object, problems: dict[str, list[str]]) -> Rows:
    if rows is None:
        return ()
    if isinstance(rows, str | Mapping) or not isinstance(rows, Sequence):
        problems[name] = ["A list of rows is needed."]
        return ()
    return [_row(name, number, row, problems) for number, row in enumerate(rows)]


def _row(name: str, number: int, row: object, problems: dict[str, list[str]]) -> Mapping[str, Value]:
    known: dict[str, Value | Rows] = {}
    if not isinstance(row, Mapping):
        problems[f"{name}.{number}"] = ["A row of named values is needed."]
        return {}
    for field, spec in placeholders(COMPONENTS[name]).items():
        _check(field, spec, row.get(field), known, problems, f"{name}.{number}.{field}")
    return known  # type: ignore[return-value]  # rows hold no rows


def _check(
    name: str, spec: Placeholder, value: object, known: dict[str, Value | Rows], problems: dict[str, list[str]], path: str
) -> None:
    if value is None or value == "":
        if not spec.optional:
            problems[path] = ["This value is missing."]
        known[name] = ""
        return
    try:
        known[name] = checked(value, spec.kind)
    except ValueError as error:
        problems[path] = [str(error)]


def _join(pieces: Pieces, values: Checked, write: Writer) -> str:
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Slot):
            parts.append(write(piece, values[piece.name]))  # type: ignore[arg-type]  # a slot never names a list
        elif isinstance(piece, Repeat):
            parts += [_join(piece.pieces, row, write) for row in values[piece.name]]  # type: ignore[arg-type,union-attr]
        elif values[piece.name]:
            parts.append(_join(piece.pieces, values, write))
    return "".join(parts)


def _html_writer(lang: Language) -> Writer:
    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return in_words(value, lang.code).plain() if slot.bare else _html_moment(value, lang)
        if slot.kind is ValueKind.WORD:
            value = word(value, lang.code)
        safe = html.escape(value)
        return safe if slot.bare else _html_value(slot.kind, safe)

    return write


def _html_value(kind: ValueKind, safe: str) -> str:
    if kind is ValueKind.CODE:
        return f'<bdi dir="ltr" style="{_CODE_STYLE}">{safe}</bdi>'
    if kind is ValueKind.URL:
        return f'<bdi dir="ltr" style="{_URL_STYLE}">{safe}</bdi>'
    if kind is ValueKind.PROSE:
        safe = safe.replace("\n", "<br>\n")
    return f"<bdi>{safe}</bdi>"


_CODE_STYLE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-weight:bold;letter-spacing:.05em"
_URL_STYLE = "font-size:.88em;word-break:break-all"


def _html_moment(value: Moment, lang: Language) -> str:
    words = in_words(value, lang.code)
    start = f'<bdi>{html.escape(words.day)}</bdi>, <bdi dir="ltr">{words.clock}</bdi>'
    if words.until_day:
        start += f' – <bdi>{html.escape(words.until_day)}</bdi>, <bdi dir="ltr">{words.until_clock}</bdi>'
    return f"{start} (<bdi>{html.escape(words.place)}</bdi>)".replace(",", _comma(lang))


def _comma(lang: Language) -> str:
    return "،" if lang.direction == "rtl" else ","


def _text_writer(lang: Language) -> Writer:
    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return in_words(value, lang.code).plain().replace(",", _comma(lang))
        if slot.kind is ValueKind.WORD:
            return word(value, lang.code)
        return value if slot.kind is ValueKind.URL else _isolated(value, lang)

    return write


def _line_writer(lang: Language) -> Writer:
    def write(slot: Slot, value: Value) -> str:
        if isinstance(value, Moment):
            return short(value, lang.code)
        return word(value, lang.code) if slot.kind is ValueKind.WORD else _isolated(value, lang)

    return write


def _isolated(value: str, lang: Language) -> str:
    """Text of the other direction between isolate marks, so that it cannot reorder its surroundings."""
    strong = {unicodedata.bidirectional(character) for character in value} & {"L", "R", "AL"}
    other = {"L"} if lang.direction == "rtl" else {"R", "AL"}
    return f"\u2068{value}\u2069" if strong & other else value
