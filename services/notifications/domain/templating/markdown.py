"""Markdown to a tree: CommonMark without HTML, images, code blocks or reference links, with `{{name}}` as a leaf."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

PLACEHOLDER = re.compile(r"\{\{(list:)?([a-z][a-z0-9_]*)\}\}")


def tree(text: str) -> SyntaxTreeNode:
    """The document's tree. Placeholders are nodes `placeholder` (content: the name) or `list_block`."""
    return SyntaxTreeNode(_PARSER.parse(text))


def _placeholder(state: StateInline, silent: bool) -> bool:
    match = PLACEHOLDER.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("list_block" if match[1] else "placeholder", "", 0)
        token.content = match[2]
    state.pos = match.end()
    return True


def _kept(url: str) -> str:
    return url


def _acceptable(url: str) -> bool:
    return PLACEHOLDER.fullmatch(url) is not None or re.match(r"https?://[^{}\s]+\Z", url) is not None


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["html_block", "html_inline", "image", "code", "fence", "reference", "entity"])
    parser.inline.ruler.before("escape", "placeholder", _placeholder)
    parser.normalizeLink = _kept  # type: ignore[method-assign]
    parser.validateLink = _acceptable  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
