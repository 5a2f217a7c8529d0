"""Publishing: source text to a frozen, checked template that only ever has its slots filled."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.kinds import KINDS, Kind
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating import layout
from services.notifications.domain.templating.blocks import Blocks
from services.notifications.domain.templating.checks import Problems
from services.notifications.domain.templating.compile import cleaned, inlined
from services.notifications.domain.templating.inline import Inline
from services.notifications.domain.templating.markdown import PLACEHOLDER, tree
from services.notifications.domain.templating.pieces import Piece, Pieces, from_json, joined, slots, to_json
from services.notifications.domain.templating.source import Source, parse_source
from services.notifications.domain.templating.values import ValueKind
from shared.errors import Invalid

MAX_FIXED_HTML = 60_000


@dataclass(frozen=True)
class Published:
    """An immutable version. `hash` is the SHA-256 of everything that decides how it renders; `draft` means that a
    native speaker has not yet read it."""

    kind: str
    language: str
    draft: bool
    subject: Pieces
    html: Pieces
    text: Pieces
    hash: str

    def as_json(self) -> dict[str, Any]:
        """For storage: later changes of layout or code do not change a version that was published."""
        parts = {"subject": to_json(self.subject), "html": to_json(self.html), "text": to_json(self.text)}
        return {"kind": self.kind, "language": self.language, "draft": self.draft, **parts, "hash": self.hash}

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Published":
        """The inverse of `as_json`. Raises ValueError when the content does not match its hash."""
        subject, html, text = (from_json(data[part]) for part in ("subject", "html", "text"))
        found = _hash(data["kind"], data["language"], subject, html, text)
        if found != data["hash"]:
            raise ValueError(f"template {data['kind']}.{data['language']} does not match its hash")
        return Published(data["kind"], data["language"], bool(data["draft"]), subject, html, text, found)

    def names(self) -> set[str]:
        """The values and lists that rendering uses."""
        return slots(self.subject) | slots(self.html) | slots(self.text)


def publish(text: str) -> Published:
    """Check and compile a source. Raises Invalid with the problems of subject, preheader, body or front matter."""
    return publish_source(parse_source(text))


def publish_source(source: Source) -> Published:
    """The same, of a source that was read already."""
    kind = _known_kind(source)
    problems = Problems(kind)
    problems.limits(source.subject, source.preheader, source.body)
    subject, preheader = (_line(where, getattr(source, where), problems) for where in ("subject", "preheader"))
    blocks, nodes = Blocks(kind, source.language, problems), tree(source.body).children
    html, plain = blocks.html(nodes), blocks.text(nodes)
    problems.required(slots(html))
    if problems.found:
        raise Invalid(problems.found)
    lang = LANGUAGES[source.language]
    page = inlined(layout.html_page(cleaned(html), subject, preheader, lang))
    if len(str(page)) > MAX_FIXED_HTML:
        raise Invalid({"body": ["This text is too long for an email."]})
    twin = layout.text_page(plain, lang)
    digest = _hash(kind.name, lang.code, subject, page, twin)
    return Published(kind.name, lang.code, source.draft, subject, page, twin, digest)


def _known_kind(source: Source) -> Kind:
    if source.kind not in KINDS:
        raise Invalid({"kind": [f"Hearth sends no message of this kind: {source.kind[:40]}"]})
    if source.language not in LANGUAGES:
        raise Invalid({"language": [f"Hearth does not write this language yet: {source.language[:40]}"]})
    return KINDS[source.kind]


def _line(where: str, text: str, problems: Problems) -> Pieces:
    """Subject or preheader: fixed words and placeholders, no Markdown; never an address or a paragraph."""
    inline, pieces, end = Inline(problems), list[Piece](), 0
    for match in PLACEHOLDER.finditer(text):
        if match[1] or problems.value_kind(where, match[2]) in (ValueKind.URL, ValueKind.PROSE):
            problems.add(where, f"{match[0]} cannot stand in a single line.")
        pieces += [text[end : match.start()], *inline.slot(match[2], where=where)]
        end = match.end()
    pieces.append(text[end:])
    for piece in pieces:
        if isinstance(piece, str):
            problems.literal(where, piece)
    return joined(pieces)


def _hash(kind: str, language: str, subject: Pieces, html: Pieces, text: Pieces) -> str:
    content = [kind, language, to_json(subject), to_json(html), to_json(text)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
