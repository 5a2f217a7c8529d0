"""Filling a published template: values are made harmless once, then strings are joined."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.domain.languages import language
from services.notifications.domain.templating.filling import Checked, check_values
from services.notifications.domain.templating.pieces import Pieces, Repeat, Slot
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.writers import Writer, html_writer, line_writer, text_writer
from shared.errors import Invalid

MAX_HTML = 100_000


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
    page = _join(template.html, known, html_writer(lang))
    if len(page.encode()) >= MAX_HTML:
        raise Invalid({"html": ["This message is too long for an email."]})
    subject = _join(template.subject, known, line_writer(lang))
    text = re.sub("\n{3,}", "\n\n", _join(template.text, known, text_writer(lang)))
    return Rendered(" ".join(subject.split()), page, text)


def _join(pieces: Pieces, values: Checked, write: Writer) -> str:
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, Slot):
            parts.append(write(piece, values[piece.name]))  # type: ignore[arg-type]  # a slot never names a list
        elif isinstance(piece, Repeat):
            parts += [_join(piece.pieces, row, write) for row in values[piece.name]]  # type: ignore[arg-type,union-attr]
        elif any(values[name] for name in piece.names):
            parts.append(_join(piece.pieces, values, write))
    return "".join(parts)
