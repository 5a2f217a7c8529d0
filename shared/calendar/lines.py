"""Content lines of iCalendar (RFC 5545, 3.1): escaped, folded at 75 octets between characters, ended by CRLF."""

import re

LIMIT = 75
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_SPACES = re.compile("[ \t]+")


def text(value: str) -> str:
    """A TEXT value (3.3.11): backslash, comma, semicolon and line ends escaped, control characters dropped."""
    lines = _CONTROL.sub("", _LINE_ENDS.sub("\n", value))
    return lines.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def parameter(value: str) -> str:
    """A quoted parameter value (3.2), which holds anything but quotes (they become apostrophes) and controls."""
    line = _SPACES.sub(" ", _CONTROL.sub("", _LINE_ENDS.sub(" ", value))).replace('"', "'").strip()
    return f'"{line}"'


def fold(line: str) -> bytes:
    """One content line as octets with its CRLF; continuation lines begin with a space, which counts."""
    octets = line.encode()
    if len(octets) <= LIMIT:
        return octets + b"\r\n"
    parts, start, room = [], 0, LIMIT
    while start < len(octets):
        end = _character_start(octets, start + room)
        parts.append(octets[start:end])
        start, room = end, LIMIT - 1
    return b"\r\n ".join(parts) + b"\r\n"


def _character_start(octets: bytes, end: int) -> int:
    """`end`, or the start of the UTF-8 character that it would cut."""
    while end < len(octets) and octets[end] & 0xC0 == 0x80:
        end -= 1
    return end
