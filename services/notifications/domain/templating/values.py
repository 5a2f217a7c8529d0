"""The values that fill a template: what each kind may be, and how it is made harmless before it is written anywhere.

No value can end a line in a header, start markup, become a link unless it is of kind URL, or turn the direction of the
text around it: line breaks and control characters become spaces, explicit bidirectional controls are dropped (marks
that words need, such as the zero-width non-joiner of Persian, stay), and addresses inside plain text are broken by an
invisible space so that mail programs do not make links of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from services.notifications.domain.moments import Moment, moment

BREAK = "\u200b"
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000\ue001\ufeff\ufff9-\ufffb]")
_ISOLATED = re.compile("\u2068([^\u2066-\u2069]*)\u2069")
_LINE_ENDS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t]+")
_DOMAIN_DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})")
_SCHEME = re.compile(r"\b(mailto|tel|sms|sip|xmpp|news|javascript|data):(?=\S)", re.I)
_CODE = re.compile(r"[!-~]{1,254}")


class ValueKind(StrEnum):
    """TEXT one line; PROSE lines and paragraphs; URL http(s); TIME a Moment; CODE a reference, code or address;
    WORD a key of the language's own words (else the text itself); EITHER text or a time."""

    TEXT = "text"
    PROSE = "prose"
    URL = "url"
    TIME = "time"
    CODE = "code"
    WORD = "word"
    EITHER = "either"


Value = str | Moment
Row = Mapping[str, Value]
Rows = Sequence[Row]


@dataclass(frozen=True)
class Placeholder:
    """What a template may name. `optional`: may be empty, and then the paragraph that uses it is left out.
    `must_appear`: a template without it is refused (a sign-in email without its link)."""

    kind: ValueKind
    optional: bool = False
    must_appear: bool = False


def clean_line(text: str) -> str:
    """One harmless line: no line ends, control characters, lone surrogates or direction overrides."""
    return _SPACES.sub(" ", _flat(text)).strip()


def _flat(text: str) -> str:
    return _UNWANTED.sub(" ", _LINE_ENDS.sub(" ", _OVERRIDES.sub("", text)))


def clean_filled_line(text: str) -> str:
    """A harmless line that a template was filled into: the isolates that stand around its values, in pairs, stay."""
    parts = _ISOLATED.split(text)
    inside = (f"\u2068{_flat(part)}\u2069" if number % 2 else _flat(part) for number, part in enumerate(parts))
    return _SPACES.sub(" ", "".join(inside)).strip()


def clean_prose(text: str) -> str:
    """Lines ended by LF, each harmless, at most one empty line between two."""
    lines = [clean_line(line) for line in _LINE_ENDS.sub("\n", text).split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def unlinked(text: str) -> str:
    """The same text to the eye, in which a mail program finds no address to make a link of."""
    parted = _SCHEME.sub("\\1:" + BREAK, text.replace("://", ":" + BREAK + "//"))
    return _DOMAIN_DOT.sub("." + BREAK, parted)


def checked_url(text: str) -> str:
    """The address itself. Raises ValueError unless it is http(s), printable ASCII, with a host and no sign-in part."""
    if not _printable_ascii(text) or any(mark in text for mark in "<>\"'\\`{}|^ "):
        raise ValueError("an address of printable ASCII characters is needed")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or parts.port == 0:
        raise ValueError("an http or https address is needed")
    return text


def _printable_ascii(text: str) -> bool:
    return 0 < len(text) <= 2048 and text.isascii() and text.isprintable()


def checked(value: object, kind: ValueKind) -> Value:
    """The value made harmless for its kind. Raises ValueError saying what is wrong."""
    if kind is ValueKind.TIME or (kind is ValueKind.EITHER and not isinstance(value, str)):
        return moment(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("text is needed")
    return _checked_text(value, kind)


@lru_cache(maxsize=4096)
def _checked_text(value: str, kind: ValueKind) -> str:
    if kind is ValueKind.URL:
        return checked_url(value)
    if kind is ValueKind.CODE:
        if not _CODE.fullmatch(value) or "://" in value:
            raise ValueError("a code of printable ASCII characters without spaces is needed")
        return value
    if kind is ValueKind.PROSE:
        return unlinked(clean_prose(value))
    return unlinked(clean_line(value))
