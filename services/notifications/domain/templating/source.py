"""A template's source: a few `key: value` lines between two `---`, then Markdown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Invalid

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)
_KEYS = frozenset({"kind", "language", "subject", "preheader", "draft"})
_PRIVATE = re.compile("[\x00-\x08\x0b-\x1f\ue000\ue001\ud800-\udfff]")
MAX_SOURCE = 40_000


@dataclass(frozen=True)
class Source:
    """`preheader` is the line that mail programs show beside the subject; `draft` awaits a native speaker."""

    kind: str
    language: str
    subject: str
    preheader: str
    body: str
    draft: bool


def parse_source(text: str) -> Source:
    """Raises Invalid naming the front matter's key that is missing, unknown or empty."""
    match = _FRONT.match(text.replace("\r\n", "\n").lstrip("\ufeff"))
    if match is None or len(text) > MAX_SOURCE or "\ue000" in text or "\ue001" in text:
        raise Invalid({"source": ["Start with `key: value` lines between two lines of ---, then the text."]})
    fields = _front_matter(match[1])
    missing = [key for key in ("kind", "language", "subject") if not fields.get(key)]
    if missing:
        raise Invalid({key: ["Say this between the two lines of ---."] for key in missing})
    return Source(
        fields["kind"], fields["language"], fields["subject"], fields.get("preheader", ""), match[2].strip() + "\n",
        fields.get("draft", "false") == "true",
    )  # fmt: skip


def written(source: Source) -> str:
    """The inverse of `parse_source`."""
    fields = {name: getattr(source, name) for name in ("kind", "language", "subject", "preheader")}
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, *(["draft: true"] if source.draft else []), "---", source.body])


def typed(kind: str, language: str, given: Mapping[str, object]) -> Source:
    """What somebody typed into a form: {subject, preheader, body, draft}. Nothing is refused yet but what no template
    could keep; raises Invalid for that."""
    subject, preheader = (" ".join(str(given.get(name) or "").split()) for name in ("subject", "preheader"))
    body = "\n".join(str(given.get("body") or "").splitlines()).strip("\n") + "\n"
    problems: dict[str, list[str]] = {}
    for name, text, longest in (
        ("subject", subject, 1_000),
        ("preheader", preheader, 1_000),
        ("body", body, MAX_SOURCE),
    ):
        if len(text) > longest:
            problems[name] = [f"This is longer than {longest} characters."]
        elif _PRIVATE.search(text):
            problems[name] = ["There is a character in it that cannot be sent. Type the text anew where you copied it."]
    if problems:
        raise Invalid(problems)
    return Source(kind, language, subject, preheader, body, bool(given.get("draft")))


def _front_matter(text: str) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        key, _, value = line.partition(":")
        if key.strip() not in _KEYS or key.strip() in fields:
            raise Invalid({key.strip()[:40]: ["This line is not one that a template has, or it is there twice."]})
        fields[key.strip()] = value.strip()
    return fields
