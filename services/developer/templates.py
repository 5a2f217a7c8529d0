"""What must hold of every page template before it is ever rendered.

It parses; every placeholder of a translated text is given a value; and nothing needs a looser content security policy
than `script-src 'self'; style-src 'self'`: no style or event attributes, no script without a file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

_PLACEHOLDER = re.compile(r"(?<!%)%\((\w+)\)[sd]")
_TRANSLATORS = {"_": 0, "gettext": 0, "ngettext": 1, "pgettext": 1, "npgettext": 2}

_INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>{]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without a file": re.compile(
        r"<script\b(?![^>]*\b(?:src|type=\"application/(?:ld\+)?json)\b)", re.IGNORECASE
    ),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}


def check(root: Path) -> tuple[list[str], int]:
    """The problems, as "file:line: what", and how many templates were looked at."""
    paths = sorted(path for top in ("shared", "services") for path in (root / top).rglob("templates/**/*.*"))
    problems = [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in paths
        for line, what in _problems_of(path.read_text(), path)
    ]
    return problems, len(paths)


def _problems_of(source: str, path: Path) -> Iterator[tuple[int, str]]:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        yield error.lineno, str(error.message)
        return
    for call in tree.find_all(nodes.Call):
        yield from _unfilled(call)
    if path.suffix == ".html" and not _is_mail(path):
        yield from _inline(source)


def _is_mail(path: Path) -> bool:
    """Mail has no content security policy, and mail programs read only styles that are inline."""
    return any("mail" in part for part in path.parts)


def _unfilled(call: nodes.Call) -> Iterator[tuple[int, str]]:
    if not isinstance(call.node, nodes.Name) or call.node.name not in _TRANSLATORS:
        return
    texts = [each.value for each in call.args if isinstance(each, nodes.Const) and isinstance(each.value, str)]
    wanted = {name for text in texts for name in _PLACEHOLDER.findall(text)}
    given = {each.key for each in call.kwargs} | ({"num"} if call.node.name.startswith("n") else set())
    if call.dyn_kwargs is None and wanted - given:
        yield call.lineno, f"a text wants {', '.join(sorted(wanted - given))}, which it is not given"


def _inline(source: str) -> Iterator[tuple[int, str]]:
    for what, pattern in _INLINE.items():
        for match in pattern.finditer(source):
            yield source.count("\n", 0, match.start()) + 1, what
