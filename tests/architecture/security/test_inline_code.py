"""V3.4.3: no page and no template has inline code or style."""

import re
from pathlib import Path
from typing import Any

from shared.service import Service
from tests.architecture.world import ROLES, World, routes

ROOT = Path(__file__).resolve().parents[3]
_INLINE = re.compile(
    r"""<style\b|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:"""
    r"""|<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>""",
    re.IGNORECASE,
)


def test_the_search_for_inline_code_finds_it() -> None:
    for text in ("<p style='x'>", '<a onclick="x">', "<style>", "<script>x", '<script nonce="1">', "href=javascript:x"):
        assert _INLINE.search(text), text
    assert not _INLINE.search('<script src="/x.js" defer></script><script type="application/json" id="x">{}</script>')


def test_no_template_has_any() -> None:
    templates = [*ROOT.glob("services/*/web/templates/**/*.html"), *ROOT.glob("shared/web/templates/**/*.html")]
    assert len(templates) > 50
    found = [(str(path), match[0]) for path in templates for match in _INLINE.finditer(path.read_text())]
    assert found == []


def test_no_page_has_any(world: World, service: Service[Any]) -> None:
    staff, seen = world.browser(service, *ROLES), 0
    for rule, method in routes(service.web):
        answer = staff.get(world.path(rule)) if method == "GET" else None
        if answer is None or answer.mimetype != "text/html":
            continue
        if "sandbox" not in answer.headers["Content-Security-Policy"]:
            seen += answer.status_code == 200
            assert not _INLINE.search(answer.text), (rule.rule, _INLINE.search(answer.text))
    assert seen >= 3
