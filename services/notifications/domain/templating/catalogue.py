"""The templates that Hearth ships, one Markdown file per kind and language in `domain/catalogue`."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from services.notifications.domain.templating.publish import Published, publish
from services.notifications.domain.templating.source import Source, parse_source

_FOLDER = files("services.notifications.domain").joinpath("catalogue")


@lru_cache(maxsize=1)
def shipped() -> Mapping[tuple[str, str], Published]:
    """(kind, language) -> template, published once per process. Raises Invalid if a shipped file is wrong."""
    published = (publish(_read(name)) for name in names())
    return MappingProxyType({(template.kind, template.language): template for template in published})


def names() -> list[str]:
    """The file names, `<kind>.<language>.md`."""
    return sorted(entry.name for entry in _FOLDER.iterdir() if entry.name.endswith(".md"))


def source_text(kind: str, language: str) -> str:
    """A shipped template's source, for staff to begin a version of their own. Raises KeyError if none is shipped."""
    if f"{kind}.{language}.md" not in names():
        raise KeyError((kind, language))
    return _read(f"{kind}.{language}.md")


def source(kind: str, language: str) -> Source | None:
    """The same, read; None where none is shipped."""
    name = f"{kind}.{language}.md"
    return parse_source(_read(name)) if name in names() else None


def _read(name: str) -> str:
    return _FOLDER.joinpath(name).read_text(encoding="utf-8")
