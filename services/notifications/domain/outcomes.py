"""What came of one attempt to hand a message to a server, and what a server's reply means."""

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Phase(IntEnum):
    """How far the attempt got. Up to DATA the server has taken nothing; from DOT on it may have."""

    CONNECT = 1
    GREETING = 2
    MAIL = 3
    RCPT = 4
    DATA = 5
    DOT = 6
    ACCEPTED = 7


class Result(StrEnum):
    """SENT: taken. DEFERRED, FAILED: refused by a reply to this message. NOT_SENT: no reply to this message, and it was
    certainly not taken. UNKNOWN: the final dot was on its way and no understandable reply came back."""

    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """`code` is the reply's three digits, `enhanced` its status (RFC 3463, "5.1.1"), `text` its words on one line."""

    result: Result
    phase: Phase
    code: int | None = None
    enhanced: str | None = None
    text: str = ""


_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
_SUPPRESSING = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_NOT_SIGNED_IN = frozenset({530, 534, 535, 538})
_MAX_TEXT = 300


def from_reply(phase: Phase, code: int, text: str) -> Outcome:
    """What a reply in `phase` (MAIL to DOT) to a message means. A reply that is none counts as no reply, and so does
    "sign in first" (53x): that is about our settings, and no message should fail for it."""
    match = _ENHANCED.match(text)
    enhanced = match[1] if match and match[1][0] == str(code)[0] else None
    result = _result(phase, code)
    reached = Phase.ACCEPTED if result is Result.SENT else phase
    return Outcome(result, reached, code if 200 <= code < 600 else None, enhanced, one_line(text))


def _result(phase: Phase, code: int) -> Result:
    if 400 <= code < 500:
        return Result.DEFERRED
    if code in _NOT_SIGNED_IN and phase < Phase.DOT:
        return Result.NOT_SENT
    if 500 <= code < 600:
        return Result.FAILED
    if phase is Phase.DOT and 200 <= code < 300:
        return Result.SENT
    return lost(phase).result


def lost(phase: Phase, text: str = "") -> Outcome:
    """The connection ended, or nothing understandable came, in `phase`."""
    result = Result.UNKNOWN if phase >= Phase.DOT else Result.NOT_SENT
    return Outcome(result, phase, text=one_line(text))


def one_line(text: str) -> str:
    """A server's words made fit for a log or a page: printable, one line, at most 300 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MAX_TEXT]


def suppresses(enhanced: str | None) -> bool:
    """Whether this status says that the address itself is bad for good. Policy refusals (x.7.x) never do."""
    return enhanced in _SUPPRESSING
