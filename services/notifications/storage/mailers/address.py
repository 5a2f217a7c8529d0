"""Where mail goes, as one setting: `smtps://user:password@host:465`, `smtp+starttls://host:587`, `folder:/path`."""

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from shared.errors import Invalid


class Security(StrEnum):
    """TLS from the first byte, TLS before anything is said (and no mail without it), or none."""

    IMPLICIT = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp+insecure"


_PORTS = {Security.IMPLICIT: 465, Security.STARTTLS: 587, Security.NONE: 25}


@dataclass(frozen=True)
class SmtpAddress:
    """One server and how to speak to it."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class FolderAddress:
    """A folder that stands in for a server: development and the demo."""

    folder: Path


def parse_address(text: str, insecure_hosts: Collection[str] = ()) -> SmtpAddress | FolderAddress:
    """Raises Invalid for anything else, for mail without TLS to a host that is neither this machine nor one of
    `insecure_hosts`, and for a password that would travel without TLS to another machine. The text is not repeated."""
    if text.startswith("folder:"):
        return _folder(text.removeprefix("folder:"))
    try:
        parts = urlsplit(text)
        security, port = Security(parts.scheme), parts.port
    except ValueError:
        raise _invalid("Use smtps://, smtp+starttls://, smtp+insecure:// or folder:, with a host and a port.") from None
    return _smtp(parts, security, port, insecure_hosts)


def _folder(path: str) -> FolderAddress:
    if not path:
        raise _invalid("Name the folder after folder:")
    return FolderAddress(Path(path.removeprefix("//")))


def _smtp(parts: SplitResult, security: Security, port: int | None, insecure_hosts: Collection[str]) -> SmtpAddress:
    host = parts.hostname or ""
    if not host or parts.path.strip("/") or parts.query or parts.fragment:
        raise _invalid("Name a host, and nothing after its port.")
    if security is Security.NONE and not loopback(host) and host not in insecure_hosts:
        raise _invalid("Mail without TLS goes to this machine only, or to a host named as one that may do without.")
    if security is Security.NONE and parts.password and not loopback(host):
        raise _invalid("A password never travels without TLS.")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return SmtpAddress(host, port or _PORTS[security], security, user, password)


def loopback(host: str) -> bool:
    """Whether this names the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _invalid(sentence: str) -> Invalid:
    return Invalid({"mailer": [sentence]})
