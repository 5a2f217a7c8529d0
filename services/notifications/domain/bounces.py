"""What a report says that came back: a delivery status (RFC 3464), a complaint (RFC 5965), or neither in proper form.

The standard form is read first; `flufl.bounce` knows the forms of those servers that have one of their own.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from enum import StrEnum

from services.notifications.domain.outcomes import one_line

LONGEST = 2_000_000
"""Octets of a report that are read; whoever sends more has nothing to tell."""
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_MESSAGE_ID = re.compile(r"<([0-9a-fA-F-]{36})@([^>\s]+)>")


class Kind(StrEnum):
    """DELAYED and UNREADABLE change nothing; MAILBOX_FULL counts; COMPLAINT: the reader called it unwanted."""

    FAILED = "failed"
    MAILBOX_FULL = "mailbox-full"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Report:
    """`to`: addresses it came to, one of them the return path of the message it is about; `original` that message's
    own id and domain, where it is quoted. `status` is "" where the report has none. `text` fits on a page's line."""

    kind: Kind
    to: tuple[str, ...]
    status: str = ""
    text: str = ""
    original: tuple[str, str] | None = None
    identity: str = ""
    """The same for the same report, by whichever way it came."""


def read_report(octets: bytes, *recipients: str) -> Report:
    """Read a report; never raises, whatever is in it. `recipients`: who it was delivered to, if that is known apart."""
    octets = octets[:LONGEST]
    message = BytesParser().parsebytes(octets)
    parts = list(message.walk())
    kind, status, text = _complaint(parts) or _delivery_status(parts) or _anything(message)
    return Report(
        kind,
        (*recipients, *_addressed(message, parts)),
        status,
        one_line(text),
        _original(parts),
        _identity(message, octets),
    )


_Said = tuple[Kind, str, str]


def _complaint(parts: list[Message]) -> _Said | None:
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            fields = _nested(part)
            kind = Kind.COMPLAINT if _field(fields, "Feedback-Type").lower() == "abuse" else Kind.UNREADABLE
            return kind, "", _field(fields, "User-Agent")
    return None


def _delivery_status(parts: list[Message]) -> _Said | None:
    found = [_recipient(fields) for part in parts for fields in _blocks(part) if fields.get("Action")]
    # The path a report comes back on belongs to one recipient: the worst that is said is said of them.
    return min(found, key=lambda said: list(Kind).index(said[0]), default=None)


def _blocks(part: Message) -> list[Message]:
    """Groups of fields of a delivery status, the one about the whole message first."""
    payload = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _recipient(fields: Message) -> _Said:
    action, diagnostic = _field(fields, "Action").lower(), _field(fields, "Diagnostic-Code")
    status = _exact(_field(fields, "Status"), diagnostic)
    if action == "failed":
        return (Kind.MAILBOX_FULL if status[1:] == ".2.2" else Kind.FAILED), status, diagnostic
    return (Kind.DELIVERED if action == "delivered" else Kind.DELAYED), status, diagnostic


def _exact(status: str, diagnostic: str) -> str:
    """The status; where it only says "something went wrong", the one that the server gave."""
    found = _STATUS.search(status)
    better = _STATUS.search(diagnostic)
    if better and (found is None or found[1].endswith(".0.0")):
        return better[1]
    return found[1] if found else ""


def _anything(message: Message) -> _Said:
    try:
        from flufl.bounce import all_failures

        _, permanent = all_failures(message)
    except Exception:
        # Made by others for the worst of mail; what is worse still is no report.
        permanent = frozenset()
    return (Kind.FAILED, "", "The report has no status.") if permanent else (Kind.UNREADABLE, "", "")


def _nested(part: Message) -> Message:
    payload = part.get_payload()
    return payload[0] if isinstance(payload, list) and payload and isinstance(payload[0], Message) else Message()


def _field(fields: Message, name: str) -> str:
    return one_line(str(fields.get(name, "")))


def _addressed(message: Message, parts: list[Message]) -> Iterator[str]:
    """Wherever a return path may stand: it proves itself, so it does no harm to look."""
    values = [str(value) for name in _TO for value in message.get_all(name, [])]
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            values.append(_field(_nested(part), "Original-Mail-From"))
        elif part is not message:
            values += [str(value) for value in part.get_all("Return-Path", [])]
    for value in values[:50]:
        yield from _ADDRESS.findall(value[:2000])


def _original(parts: list[Message]) -> tuple[str, str] | None:
    for part in parts[1:]:
        texts = [str(part.get("Message-ID", ""))]
        if part.get_content_type() == "text/rfc822-headers":
            texts.append(str(part.get_payload())[:20_000])
        for text in texts:
            if match := _MESSAGE_ID.search(text):
                return match[1].lower(), match[2].lower()
    return None


def _identity(message: Message, octets: bytes) -> str:
    own = str(message.get("Message-ID", "")).strip()
    return hashlib.sha256(own.encode("utf-8", "replace") if own else octets).hexdigest()
