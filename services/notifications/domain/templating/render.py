"""Filling a published template: values are made harmless once, then strings are joined.

Many messages differ in nothing but whom they are to: everything else is filled once, kept for a while, and only the
person's own values are filled for each.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.notifications.domain.kinds import COMMON
from services.notifications.domain.languages import language
from services.notifications.domain.templating.filling import Checked, check_one, check_values
from services.notifications.domain.templating.pieces import Maybe, Piece, Pieces, Repeat, Slot, joined
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.writers import Writer, html_writer, line_writer, text_writer
from shared.errors import Invalid

MAX_HTML = 100_000
PERSONAL = ("name", "preferences_url")
"""Values that differ from one reader of the same message to the next."""


@dataclass(frozen=True)
class Rendered:
    """A finished message. `subject` is one line; `html` under 100 KB; `text` its plain twin, lines ended by LF.

    `html` comes in parts: long ones are the same strings for all readers of a message, so that they need be encoded
    only once.
    """

    subject: str
    html_parts: Sequence[str]
    text: str

    @property
    def html(self) -> str:
        """The page whole."""
        return "".join(self.html_parts)


@dataclass(frozen=True)
class _Shared:
    """A template in which all but the personal values stand; `personal` are those of them that it uses."""

    subject: Pieces
    html: Pieces
    text: Pieces
    personal: tuple[str, ...]


class _Message:
    """A template and the values that all readers share, told apart by the template's hash and the values' JSON."""

    def __init__(self, template: Published, shared: str, values: Mapping[str, object]) -> None:
        self.template, self.values = template, values
        self.key = (template.hash, shared)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Message) and self.key == other.key


def render(template: Published, values: Mapping[str, object]) -> Rendered:
    """Fill the template. `values` holds text, Moments (or their JSON form) and lists of rows; extra ones are ignored.

    Raises Invalid naming each value that is missing or of the wrong form, or `html` when the message is too long.
    """
    known = _personal(template, values)
    if known is None:
        return _finished(template, check_values(template, values), template)
    return _finished(*known, template)


def _personal(template: Published, values: Mapping[str, object]) -> tuple[_Shared, Checked] | None:
    """The template with what all readers share, and this reader's own values; None where that cannot be told apart, or
    something is wrong."""
    try:
        shared = json.dumps({name: values[name] for name in values if name not in PERSONAL}, sort_keys=True)
        found = _filled(_Message(template, shared, values))
        return found, {name: check_one(COMMON[name], values.get(name)) for name in found.personal}
    except (TypeError, ValueError, Invalid):
        return None


@lru_cache(maxsize=64)
def _filled(message: _Message) -> _Shared:
    template = message.template
    known, lang = check_values(template, message.values), language(template.language)
    return _Shared(
        _fill(template.subject, known, line_writer(lang)),
        _fill(template.html, known, html_writer(lang)),
        _fill(template.text, known, text_writer(lang)),
        tuple(name for name in PERSONAL if name in known),
    )


def _fill(pieces: Pieces, values: Checked, write: Writer) -> Pieces:
    """The same pieces with all but personal values written."""
    return joined(done for piece in pieces for done in _fill_one(piece, values, write))


def _fill_one(piece: Piece, values: Checked, write: Writer) -> Pieces:
    if isinstance(piece, Maybe):
        if any(values[name] for name in piece.names if name not in PERSONAL):
            return _fill(piece.pieces, values, write)
        personal = tuple(name for name in piece.names if name in PERSONAL)
        return (Maybe(personal, _fill(piece.pieces, values, write)),) if personal else ()
    if isinstance(piece, Slot) and piece.name in PERSONAL:
        return (piece,)
    return (_join((piece,), values, write),)


def _finished(filled: Published | _Shared, known: Checked, template: Published) -> Rendered:
    lang = language(template.language)
    page = _written(filled.html, known, html_writer(lang))
    if sum(len(part.encode()) for part in page) >= MAX_HTML:
        raise Invalid({"html": ["This message is too long for an email."]})
    subject = _join(filled.subject, known, line_writer(lang))
    text = re.sub("\n{3,}", "\n\n", _join(filled.text, known, text_writer(lang)))
    return Rendered(" ".join(subject.split()), page, text)


def _join(pieces: Pieces, values: Checked, write: Writer) -> str:
    return "".join(_written(pieces, values, write))


def _written(pieces: Pieces, values: Checked, write: Writer) -> list[str]:
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Slot):
            parts.append(write(piece, values[piece.name]))  # type: ignore[arg-type]  # a slot never names a list
        elif isinstance(piece, Repeat):
            parts += [_join(piece.pieces, row, write) for row in values[piece.name]]  # type: ignore[arg-type,union-attr]
        elif any(values[name] for name in piece.names):
            parts += _written(piece.pieces, values, write)
    return parts
