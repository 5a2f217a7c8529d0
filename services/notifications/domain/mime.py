"""A finished message as bytes: mixed(alternative(plain, html, calendar), application/ics), made by joining.

The headers are encoded by the standard library's `Header` (the compat32 family: five times as fast as `EmailMessage`,
and it keeps the spaces of mixed-script subjects). The bodies are quoted-printable or base64, whichever is shorter, so
that no line is too long and no server has to change anything. Boundaries hold `=_`, which neither encoding can produce.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

from services.notifications.domain.addresses import Address, checked_address
from services.notifications.domain.kinds import Method
from services.notifications.domain.templating.render import Rendered
from services.notifications.domain.templating.values import checked_url, clean_filled_line, clean_line

Part = tuple[str, bytes]
_LINE = 76
_LONGEST = 900
_LONG = 80
"""Characters; parts of a text that are longer are mostly the same in many messages."""
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Unsubscribe:
    """Where a person turns this category off. `one_click`: the address takes the POST of RFC 8058."""

    url: str
    one_click: bool = True


@dataclass(frozen=True)
class Letter:
    """Everything a message is made of. `id` is the row's: its Message-ID is the same on every attempt.

    `domain` is the right side of the Message-ID, `date` (aware) the moment the row was queued, `calendar` the object
    for this very recipient with its method.
    """

    id: UUID
    domain: str
    sender: Address
    recipient: Address
    rendered: Rendered
    language: str
    date: datetime
    calendar: tuple[Method, bytes] | None = None
    unsubscribe: Unsubscribe | None = None
    reply_to: Address | None = None


def message_id(id: UUID, domain: str) -> str:
    """The Message-ID of the row with this id."""
    return f"<{id}@{domain}>"


def build(letter: Letter) -> bytes:
    """The message, lines ended by CRLF, ASCII only; the same letter gives the same bytes.

    Raises ValueError for an address that is none, a naive date, or a header that would not stay on its line.
    """
    headers = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in _headers(letter))
    kind, body = _body(letter)
    return headers.encode("ascii") + _with_type(kind, body)


def _headers(letter: Letter) -> Iterator[tuple[str, str]]:
    if letter.date.tzinfo is None:
        raise ValueError("a message's date needs its offset from UTC")
    yield "From", _mailbox("From", letter.sender)
    yield "To", _mailbox("To", letter.recipient)
    if letter.reply_to:
        yield "Reply-To", _mailbox("Reply-To", letter.reply_to)
    yield "Subject", _words("Subject", letter.rendered.subject)
    yield "Date", format_datetime(letter.date)
    yield "Message-ID", message_id(letter.id, letter.domain)
    yield "Content-Language", letter.language
    yield "Auto-Submitted", "auto-generated"
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    if letter.unsubscribe:
        yield "List-Unsubscribe", f"<{checked_url(letter.unsubscribe.url)}>"
    if letter.unsubscribe and letter.unsubscribe.one_click:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    yield "MIME-Version", "1.0"


def _one_line(value: str) -> str:
    """A header's value, which may only be folded by us: every line end is followed by a space."""
    folded = value.replace("\r\n ", "\n ")
    if "\r" in folded or folded.replace("\n ", "").count("\n") or "\0" in folded:
        raise ValueError("a header cannot hold a line end")
    if max(map(len, folded.split("\n"))) > _LONGEST:
        raise ValueError("a header's line is too long for email")
    return folded.replace("\n ", "\r\n ")


@lru_cache(maxsize=4096)
def _words(name: str, value: str) -> str:
    """Unstructured text: as it is when short and ASCII, else in encoded words, folded."""
    value = clean_filled_line(value)
    if value.isascii() and len(name) + 2 + len(value) <= _LINE and "=?" not in value:
        return value
    return Header(value, "utf-8", header_name=name, maxlinelen=_LINE).encode()


@lru_cache(maxsize=4096)
def _mailbox(name: str, person: Address) -> str:
    """One mailbox with its display name, which is quoted or encoded and so cannot add another."""
    email, shown = checked_address(person.email), clean_line(person.name)
    if not shown:
        return email
    if shown.isascii() and len(name) + len(shown) + len(email) + 8 <= _LINE and "=?" not in shown:
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{email}>'
    return f"{Header(shown, 'utf-8', header_name=name, maxlinelen=_LINE).encode()}\n <{email}>"


def _body(letter: Letter) -> Part:
    boundary = letter.id.hex
    parts = [
        _text_part("text/plain; charset=utf-8", (letter.rendered.text,)),
        _text_part("text/html; charset=utf-8", letter.rendered.html_parts),
    ]
    if letter.calendar is None:
        return _multipart("alternative", f"=_a_{boundary}", parts)
    method, octets = letter.calendar
    encoded = _base64(octets)
    parts.append((f"text/calendar; charset=utf-8; method={method}", encoded))
    disposition = b'Content-Disposition: attachment; filename="invite.ics"\r\n'
    attachment = ('application/ics; name="invite.ics"', disposition + encoded)
    return _multipart("mixed", f"=_m_{boundary}", [_multipart("alternative", f"=_a_{boundary}", parts), attachment])


def _multipart(subtype: str, boundary: str, parts: list[Part]) -> Part:
    start = f"--{boundary}\r\n".encode()
    inner = b"".join(start + _with_type(*part) for part in parts)
    return f'multipart/{subtype};\r\n boundary="{boundary}"', b"\r\n" + inner + f"--{boundary}--\r\n".encode()


def _with_type(kind: str, rest: bytes) -> bytes:
    return b"Content-Type: " + kind.encode("ascii") + b"\r\n" + rest


def _text_part(kind: str, parts: Sequence[str]) -> Part:
    encoded = [_quoted_once(part) if len(part) > _LONG else _quoted(part) for part in parts if part]
    # A soft line break (RFC 2045, 6.7) stands between parts and means nothing.
    quoted = b"=\r\n".join(encoded)
    if len(quoted) > sum(len(part.encode()) for part in parts) * 4 // 3:
        return kind, _base64("\r\n".join("".join(parts).splitlines()).encode())
    # Spaces at the very end could not stay as they are; a "=" there is a soft break, for the sign itself is "=3D".
    return kind, b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted.rstrip(b"= \t\r\n") + b"\r\n"


def _quoted(part: str) -> bytes:
    """Quoted-printable that something may follow on the same line: the letter at the end sees to it that there is
    room, and that a space before it stays a space."""
    if len(part) < _LINE and part.isascii() and part.isprintable() and "=" not in part:
        return part.encode()  # it is its own encoding, as nearly every name and link is
    octets = _LINE_END.sub("\n", part).encode()
    return binascii.b2a_qp(octets + b"x", istext=True)[:-1].replace(b"\n", b"\r\n")


_quoted_once = lru_cache(maxsize=256)(_quoted)


def _base64(octets: bytes) -> bytes:
    lines = (binascii.b2a_base64(octets[at : at + 57], newline=False) for at in range(0, len(octets), 57))
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\r\n".join(lines) + b"\r\n"
