"""Markdown that staff wrote, as harmless HTML for a page."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code"}
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True})


@lru_cache(maxsize=256)
def from_markdown(text: str) -> Markup:
    """The text as HTML: headings from the second level down, lists, and links to pages, addresses and numbers."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, int(token.tag[1]) + 1)}"
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 - cleaned just above
