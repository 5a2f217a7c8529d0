"""Inline Markdown nodes to pieces: once as HTML, once as plain text, from the same tree."""

import html
from collections.abc import Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode

from services.notifications.domain.templating.checks import Problems
from services.notifications.domain.templating.markdown import PLACEHOLDER
from services.notifications.domain.templating.pieces import Piece, Pieces, Slot, joined
from services.notifications.domain.templating.values import ValueKind

_ELEMENTS = {"strong": "strong", "em": "em"}
_BREAKS = {"softbreak": ("\n", "\n"), "hardbreak": ("<br>\n", "\n")}


class Inline:
    """Writes the inline part of one template; problems are noted, not raised."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def html(self, nodes: Sequence[SyntaxTreeNode]) -> Pieces:
        """HTML pieces of these nodes."""
        return joined(piece for node in nodes for piece in self._html(node))

    def text(self, nodes: Sequence[SyntaxTreeNode]) -> Pieces:
        """Plain-text pieces of these nodes."""
        return joined(piece for node in nodes for piece in self._text(node))

    def slot(self, name: str, *, where: str = "body", bare: bool = False) -> Iterator[Piece]:
        """The slot of a known placeholder; nothing (and a problem) for an unknown one."""
        kind = self._problems.value_kind(where, name)
        if kind is not None:
            yield Slot(name, kind, bare)

    def href(self, node: SyntaxTreeNode) -> Pieces:
        """What the link leads to: a URL placeholder, or the fixed address as written."""
        target = str(node.attrs["href"])
        match = PLACEHOLDER.fullmatch(target)
        if match is None:
            return (html.escape(target),)
        if match[1] or self._problems.value_kind("body", match[2]) not in (ValueKind.URL, None):
            self._problems.add("body", f"{target} is not an address, so no link can lead to it.")
        return tuple(self.slot(match[2], bare=True))

    def address(self, node: SyntaxTreeNode) -> Pieces:
        """The same, as plain text shows it."""
        return tuple(
            Slot(piece.name, ValueKind.URL) if isinstance(piece, Slot) else html.unescape(str(piece))
            for piece in self.href(node)
        )

    def _html(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        if node.type in _BREAKS:
            yield _BREAKS[node.type][0]
        elif node.type == "placeholder":
            yield from self.slot(node.content)
        elif node.type == "link":
            yield from ('<a href="', *self.href(node), '">', *self.html(node.children), "</a>")
        elif node.type in _ELEMENTS:
            tag = _ELEMENTS[node.type]
            yield from (f"<{tag}>", *self.html(node.children), f"</{tag}>")
        else:
            yield html.escape(self._literal(node), quote=False)

    def _text(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        if node.type in _BREAKS:
            yield _BREAKS[node.type][1]
        elif node.type == "placeholder":
            yield from self.slot(node.content)
        elif node.type == "link":
            yield from self._text_link(node)
        elif node.children:
            yield from self.text(node.children)
        else:
            yield self._literal(node)

    def _text_link(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        words, target = self.text(node.children), self.address(node)
        yield from target if words == target else (*words, " (", *target, ")")

    def _literal(self, node: SyntaxTreeNode) -> str:
        if node.type == "list_block":
            self._problems.add("body", "{{list:...}} stands alone in its paragraph.")
            return ""
        self._problems.literal("body", node.content)
        return node.content
