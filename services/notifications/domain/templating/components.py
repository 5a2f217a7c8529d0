"""The fixed list blocks that a template may place with `{{list:name}}`, and what each row of them holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.notifications.domain.templating.pieces import Maybe, Piece, Pieces, Repeat, Slot, joined
from services.notifications.domain.templating.values import Placeholder, ValueKind
from services.notifications.domain.templating.words import word


class Role(StrEnum):
    """How a field shows: the row's heading, a line under it, or a link whose words are the component's own."""

    TITLE = "title"
    LINE = "line"
    LINK = "link"


@dataclass(frozen=True)
class Field:
    """One value of a row. `label` is a key of the language's words, written before a line or as a link's text."""

    role: Role
    kind: ValueKind
    optional: bool = False
    label: str | None = None


Component = Mapping[str, Field]

COMPONENTS: Mapping[str, Component] = {
    "sessions": {
        "title": Field(Role.TITLE, ValueKind.TEXT),
        "when": Field(Role.LINE, ValueKind.TIME),
        "place": Field(Role.LINE, ValueKind.TEXT, optional=True),
        "link": Field(Role.LINK, ValueKind.URL, optional=True, label="join"),
    },
    "reviews": {
        "reference": Field(Role.TITLE, ValueKind.CODE),
        "due": Field(Role.LINE, ValueKind.TIME, optional=True),
        "link": Field(Role.LINK, ValueKind.URL, optional=True, label="open"),
    },
    "feedback_points": {
        "topic": Field(Role.TITLE, ValueKind.TEXT),
        "comment": Field(Role.LINE, ValueKind.PROSE),
    },
    "changes": {
        "what": Field(Role.TITLE, ValueKind.WORD),
        "before": Field(Role.LINE, ValueKind.EITHER, optional=True, label="before"),
        "now": Field(Role.LINE, ValueKind.EITHER, label="now"),
    },
    "news": {
        "title": Field(Role.TITLE, ValueKind.TEXT),
        "text": Field(Role.LINE, ValueKind.PROSE),
        "link": Field(Role.LINK, ValueKind.URL, optional=True, label="read_more"),
    },
    "rounds": {
        "title": Field(Role.TITLE, ValueKind.TEXT),
        "closes": Field(Role.LINE, ValueKind.TIME, label="until"),
        "link": Field(Role.LINK, ValueKind.URL, optional=True, label="look"),
    },
    "sections": {
        "title": Field(Role.TITLE, ValueKind.TEXT),
        "state": Field(Role.LINE, ValueKind.WORD, optional=True),
    },
}


def placeholders(component: Component) -> dict[str, Placeholder]:
    """What a row of this component holds, in the form that values are checked by."""
    return {name: Placeholder(field.kind, field.optional) for name, field in component.items()}


def html(name: str, code: str) -> Pieces:
    """The whole block for a page in language `code`; nothing at all when the list has no rows."""
    rows = [piece for field in COMPONENTS[name].items() for piece in _optional(*field, _html_field(*field, code))]
    repeat = Repeat(name, joined(('<div class="item">', *rows, "</div>")))
    return (Maybe((name,), ('<div class="items">', repeat, "</div>")),)


def text(name: str, code: str) -> Pieces:
    """The plain-text twin of `html`."""
    rows = [piece for field in COMPONENTS[name].items() for piece in _optional(*field, _text_field(*field, code))]
    return (Maybe((name,), (Repeat(name, joined(rows)), "\n")),)


def _optional(name: str, field: Field, pieces: Pieces) -> Pieces:
    return (Maybe((name,), pieces),) if field.optional else pieces


def _html_field(name: str, field: Field, code: str) -> Pieces:
    label = word(field.label, code) if field.label else ""
    if field.role is Role.LINK:
        return ('<p class="item-link"><a href="', Slot(name, field.kind, bare=True), f'">{label}</a></p>')
    before = f'<span class="label">{label}:</span> ' if label else ""
    return (f'<p class="item-{field.role}">{before}', Slot(name, field.kind), "</p>")


def _text_field(name: str, field: Field, code: str) -> Pieces:
    start: Piece = "- " if field.role is Role.TITLE else "  "
    label = f"{word(field.label, code)}: " if field.label else ""
    return (start, label, Slot(name, field.kind), "\n")
