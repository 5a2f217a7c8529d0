"""From pieces to pieces: the page is cleaned and its style inlined as one string, then cut again at its slots."""

import dataclasses
import re

import css_inline
import nh3

from services.notifications.domain.templating.pieces import Maybe, Piece, Pieces, Repeat, Slot, joined

_MARK = re.compile("\ue000(\\d+)\ue001")
_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br", "a", "strong", "em", "bdi",
    "table", "tbody", "tr", "td", "div", "span",
}  # fmt: skip
_ATTRIBUTES = {"*": {"class", "dir", "lang"}, "a": {"href"}, "table": {"role"}}
_INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

Held = Slot | Maybe | Repeat | None


class Marks:
    """Stands one private-use mark for everything that is not fixed text: a slot, or a holder's beginning or end."""

    def __init__(self) -> None:
        self._held: list[Held] = []

    def flat(self, pieces: Pieces) -> str:
        """The pieces as one string."""
        return "".join(self._flat(piece) for piece in pieces)

    def _flat(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return piece
        start = self._mark(piece)
        return start if isinstance(piece, Slot) else start + self.flat(piece.pieces) + self._mark(None)

    def _mark(self, held: Held) -> str:
        self._held.append(held)
        return f"\ue000{len(self._held) - 1}\ue001"

    def pieces(self, flat: str) -> Pieces:
        """The inverse of `flat`, for a string in which the fixed text has been changed. Raises ValueError if a mark was
        lost, doubled or moved."""
        parts = _MARK.split(flat)
        if [int(number) for number in parts[1::2]] != list(range(len(self._held))):
            raise ValueError("the page's slots did not survive cleaning")
        stack: list[list[Piece]] = [[parts[0]]]
        open_: list[Maybe | Repeat] = []
        for held, fixed in zip(self._held, parts[2::2], strict=True):
            if held is None:
                holder = open_.pop()
                inner = joined(stack.pop())
                stack[-1].append(dataclasses.replace(holder, pieces=inner))
            elif isinstance(held, Slot):
                stack[-1].append(held)
            else:
                open_.append(held)
                stack.append([])
            stack[-1].append(fixed)
        return joined(stack[0])


def cleaned(body: Pieces) -> Pieces:
    """The body with nothing in it but the elements that messages use (a second wall: Markdown makes no others)."""
    marks = Marks()
    html = nh3.clean(marks.flat(body), tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"}, link_rel=None)
    return marks.pieces(html)


def inlined(page: Pieces) -> Pieces:
    """The page with its style on its elements; only the rules for small screens and darkness stay in the head."""
    marks = Marks()
    return marks.pieces(_rules_last(_INLINER.inline(marks.flat(page))))


def _rules_last(html: str) -> str:
    """The rules that stayed come after the title, so that the character set is said within the first 1024 bytes."""
    match = re.search(r"<style>.*?</style>", html, re.S)
    if match is None:
        return html
    rules = re.sub(r"\s*\n\s*", "\n", match[0])
    return (html[: match.start()] + html[match.end() :]).replace("</head>", f"{rules}</head>", 1)
