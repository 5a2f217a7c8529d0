"""What the catalogues of translations hold: how many texts, which have no translation, which only a machine's.

Read from the .po files beside the compiled ones. A comment `# draft` stands over what no native speaker has checked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from shared.web.i18n import LANGUAGES

_ROOT = Path(__file__).resolve().parents[2]
_CATALOGUES = ("shared/web/translations", "services/*/web/translations")
_EMAILS = "services/notifications/domain/catalogue"
DRAFT = "draft"


@dataclass(frozen=True)
class Words:
    """One language: the number of its texts, those without a translation, those by a machine alone (in English), and
    how many emails it has, and how many of them are by a machine."""

    language: str
    texts: int
    missing: tuple[str, ...]
    drafts: tuple[str, ...]
    emails: int
    draft_emails: int

    @property
    def is_draft(self) -> bool:
        """Whether readers should know that no native speaker has been over all of it."""
        return bool(self.drafts or self.draft_emails)


@cache
def words_of(language: str) -> Words:
    """The facts of a language but English; read once for each process."""
    entries = [entry for path in _files(language) for entry in _entries(path)]
    emails = [path.read_text("utf-8") for path in sorted((_ROOT / _EMAILS).glob(f"*.{language}.md"))]
    return Words(
        language,
        len(entries),
        tuple(sorted(_english(entry) for entry in entries if not _said(entry))),
        tuple(sorted(_english(entry) for entry in entries if _said(entry) and DRAFT in entry.user_comments)),
        len(emails),
        sum("\ndraft: true\n" in text for text in emails),
    )


def every_language() -> list[Words]:
    """The facts of all languages but English, in the order of the footer."""
    return [words_of(language) for language in LANGUAGES if language != "en"]


@cache
def is_draft(language: str) -> bool:
    """The same as `words_of(language).is_draft`, without reading every text: asked on every page."""
    return language != "en" and any(b"\n# draft\n" in path.read_bytes() for path in _files(language))


def _files(language: str) -> list[Path]:
    folder = f"{language.replace('-', '_')}/LC_MESSAGES/messages.po"
    return sorted(path for place in _CATALOGUES for path in _ROOT.glob(f"{place}/{folder}"))


def _entries(path: Path) -> Iterable[Message]:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _said(entry: Message) -> bool:
    return bool(entry.string) if isinstance(entry.string, str) else all(entry.string or [""])


def _english(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else str(next(iter(entry.id)))
