"""What a template must satisfy before it can be published; every problem is found, not only the first."""

import re
from collections.abc import Set

from services.notifications.domain.kinds import Kind
from services.notifications.domain.templating.components import COMPONENTS
from services.notifications.domain.templating.values import ValueKind

MAX_LINE = 150
_STRAY = (
    (re.compile(r"\{\{|\}\}"), "There are braces that name no placeholder: write {{name}} in small letters."),
    (re.compile(r"\]\("), "A link goes to {{a_placeholder}} or to an http(s) address."),
    (re.compile(r"<[A-Za-z/!?]"), "HTML is not used here: write Markdown."),
)


class Problems:
    """Collects problems by place ("subject", "preheader", "body")."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.found: dict[str, list[str]] = {}
        self.line: int | None = None
        """The body's line that is being read, counted from 1."""

    def add(self, where: str, text: str) -> None:
        """Note it once, and the line of the body that it is in."""
        if where == "body" and self.line is not None:
            text = f"Line {self.line}: {text}"
        if text not in self.found.setdefault(where, []):
            self.found[where].append(text)

    def literal(self, where: str, text: str) -> None:
        """Fixed text may not hold what looks like a placeholder, link or element that was not understood."""
        for pattern, sentence in _STRAY:
            if pattern.search(text):
                self.add(where, sentence)

    def limits(self, subject: str, preheader: str, body: str) -> None:
        """Lines of a length that mail programs show, and no pictures."""
        for where, line in (("subject", subject), ("preheader", preheader)):
            if len(line) > MAX_LINE:
                self.add(where, f"This line is longer than {MAX_LINE} characters.")
        if "![" in body:
            self.add("body", "Pictures are not used in messages.")

    def value_kind(self, where: str, name: str) -> ValueKind | None:
        """The kind of the placeholder `name`; notes a problem and says None when this kind of message has none such."""
        placeholder = self.kind.all_placeholders().get(name)
        if placeholder is None:
            known = ", ".join(sorted(self.kind.all_placeholders()))
            self.add(where, f"{{{{{name}}}}} is not known for {self.kind.name}. Known: {known}.")
            return None
        return placeholder.kind

    def list_name(self, name: str) -> bool:
        """Whether this list may stand here."""
        if name in self.kind.lists and name in COMPONENTS:
            return True
        known = ", ".join(sorted(self.kind.lists)) or "none"
        self.add("body", f"{{{{list:{name}}}}} is not known for {self.kind.name}. Known: {known}.")
        return False

    def required(self, used: Set[str]) -> None:
        """Placeholders without which the message is of no use must be in the text."""
        self.line = None
        for name, placeholder in self.kind.all_placeholders().items():
            if placeholder.must_appear and name not in used:
                self.add("body", f"{{{{{name}}}}} is missing: this message is of no use without it.")
        for name in sorted(self.kind.must_list - used):
            self.add("body", f"{{{{list:{name}}}}} is missing.")
