"""Block Markdown nodes to pieces: paragraphs, headings, lists, quotations, buttons and the fixed list blocks.

A paragraph, heading or list item that uses an optional placeholder is left out when that value is empty, and so is
the heading above nothing but paragraphs and list blocks that are left out. A paragraph
that is nothing but a link becomes a button; one that is nothing but a code shows it large.
"""

from collections.abc import Iterable, Iterator, Sequence

from markdown_it.tree import SyntaxTreeNode

from services.notifications.domain.kinds import Kind
from services.notifications.domain.templating import components
from services.notifications.domain.templating.checks import Problems
from services.notifications.domain.templating.inline import Inline
from services.notifications.domain.templating.pieces import Maybe, Piece, Pieces, Slot, joined, slots
from services.notifications.domain.templating.values import ValueKind


class Blocks:
    """Writes a whole document of one kind in one language, as HTML and as text."""

    def __init__(self, kind: Kind, language: str, problems: Problems) -> None:
        self._kind, self._language, self._problems = kind, language, problems
        self._inline = Inline(problems)
        self._buttons = 0

    def html(self, nodes: Sequence[SyntaxTreeNode]) -> Pieces:
        """HTML pieces of these blocks."""
        return _with_headings(nodes, [joined(self._html(node)) for node in nodes])

    def text(self, nodes: Sequence[SyntaxTreeNode]) -> Pieces:
        """Plain-text pieces; every block ends with an empty line."""
        return _with_headings(nodes, [joined(self._text(node)) for node in nodes])

    def _html(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        self._begin(node)
        match node.type:
            case "paragraph" | "heading":
                yield from self._html_words(node)
            case "bullet_list" | "ordered_list":
                yield from (f"<{node.tag}>", *self.html(node.children), f"</{node.tag}>")
            case "list_item":
                yield from self._unless_empty(("<li>", *self.html(node.children), "</li>"))
            case "blockquote":
                yield from ("<blockquote>", *self.html(node.children), "</blockquote>")
            case "hr":
                yield "<hr>"
            case _:
                self._refuse(node)

    def _html_words(self, node: SyntaxTreeNode) -> Pieces:
        words = _words(node)
        block = self._list_block(words)
        if block is not None:
            return components.html(block, self._language) if block else ()
        if _is_button(words):
            return self._unless_empty(self._html_button(words[0]))
        inner = self._inline.html(words)
        if node.hidden:
            return inner
        alone = len(inner) == 1 and isinstance(inner[0], Slot) and inner[0].kind is ValueKind.CODE
        start = f'<{node.tag} class="code-line">' if alone else f"<{node.tag}>"
        return self._unless_empty((start, *inner, f"</{node.tag}>"))

    def _html_button(self, link: SyntaxTreeNode) -> Iterator[Piece]:
        """The first button of a message is what it is about; the others are quieter."""
        looks, self._buttons = "button quiet" if self._buttons else "button", self._buttons + 1
        yield f'<table role="presentation" class="action"><tr><td class="{looks}"><a href="'
        yield from (*self._inline.href(link), '">', *self._inline.html(link.children), "</a></td></tr></table>")

    def _text(self, node: SyntaxTreeNode) -> Iterator[Piece]:
        self._begin(node)
        match node.type:
            case "paragraph" | "heading":
                yield from self._text_words(node)
            case "bullet_list" | "ordered_list":
                for number, item in enumerate(node.children, 1):
                    bullet = "- " if node.type == "bullet_list" else f"{number}. "
                    yield from self._unless_empty((bullet, *_tight(self.text(item.children))))
                yield "\n"
            case "blockquote":
                yield from self.text(node.children)
            case "hr":
                yield "----\n\n"

    def _text_words(self, node: SyntaxTreeNode) -> Pieces:
        words = _words(node)
        block = self._list_block(words)
        if block is not None:
            return components.text(block, self._language) if block else ()
        if _is_button(words):
            link = words[0]
            return self._unless_empty((*self._inline.text(link.children), ":\n", *self._inline.address(link), "\n\n"))
        inner = self._inline.text(words)
        return (*inner, "\n") if node.hidden else self._unless_empty((*inner, "\n\n"))

    def _unless_empty(self, pieces: Iterable[Piece]) -> Pieces:
        result = joined(pieces)
        known = self._kind.all_placeholders()
        optional = sorted(name for name in slots(result) if name in known and known[name].optional)
        for name in optional:
            result = (Maybe((name,), result),)
        return result

    def _list_block(self, words: Sequence[SyntaxTreeNode]) -> str | None:
        """The list that stands alone here; "" for one that may not."""
        if len(words) != 1 or words[0].type != "list_block":
            return None
        return words[0].content if self._problems.list_name(words[0].content) else ""

    def _begin(self, node: SyntaxTreeNode) -> None:
        self._problems.line = node.map[0] + 1 if node.map else self._problems.line

    def _refuse(self, node: SyntaxTreeNode) -> None:
        self._problems.add("body", f"This kind of Markdown is not used in messages: {node.type}.")


def _with_headings(nodes: Sequence[SyntaxTreeNode], blocks: list[Pieces]) -> Pieces:
    """The blocks in a row; a heading goes when all the optional blocks right under it do."""
    for number, node in enumerate(nodes):
        names = tuple(_optional_names(blocks[number + 1 :]))
        if node.type == "heading" and names:
            blocks[number] = (Maybe(names, blocks[number]),)
    return joined(piece for block in blocks for piece in block)


def _optional_names(below: Iterable[Pieces]) -> Iterator[str]:
    """What the optional blocks before the first that always stands depend on."""
    for block in below:
        if len(block) != 1 or not isinstance(block[0], Maybe):
            return
        yield from block[0].names


def _words(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return node.children[0].children if node.children else []


def _is_button(words: Sequence[SyntaxTreeNode]) -> bool:
    return len(words) == 1 and words[0].type == "link" and "{{" in str(words[0].attrs["href"])


def _tight(pieces: Pieces) -> Pieces:
    """List items end with one line end."""
    if pieces and isinstance(pieces[-1], str):
        return joined((*pieces[:-1], pieces[-1].rstrip("\n") + "\n"))
    return (*pieces, "\n")
