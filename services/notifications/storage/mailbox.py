"""The mailbox that reports come back to, read over IMAP with TLS."""

import contextlib
import imaplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from shared.errors import Invalid

TIMEOUT = 30.0
_USUAL_PORT = 993


@dataclass(frozen=True)
class ImapAddress:
    """One mailbox on one server. TLS from the first byte: there is no other way in."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def parse_imap(text: str) -> ImapAddress:
    """`imaps://user:password@host:993/INBOX`. Raises Invalid for anything else; the text is not repeated."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme != "imaps" or not parts.hostname or not parts.username or not parts.password or '"' in folder:
        raise Invalid({"mailbox": ["Use imaps://user:password@host:993/INBOX."]})
    return ImapAddress(parts.hostname, port or _USUAL_PORT, unquote(parts.username), unquote(parts.password), folder)


class Mailbox:
    """Reads what has not been read yet. Each visit is a connection of its own."""

    def __init__(self, address: ImapAddress, context: ssl.SSLContext | None = None) -> None:
        self._address, self._context = address, context or ssl.create_default_context()

    @contextlib.contextmanager
    def visit(self) -> Iterator["Visit"]:
        """An open mailbox. Raises OSError or imaplib.IMAP4.error when it cannot be reached."""
        address = self._address
        client = imaplib.IMAP4_SSL(address.host, address.port, ssl_context=self._context, timeout=TIMEOUT)
        try:
            client.login(address.user, address.password)
            if client.select(f'"{address.folder}"')[0] != "OK":
                raise imaplib.IMAP4.error("the folder cannot be opened")
            yield Visit(client)
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()


class Visit:
    """What is in the mailbox now."""

    def __init__(self, client: imaplib.IMAP4_SSL) -> None:
        self._client = client

    def unread(self, limit: int) -> list[bytes]:
        """Numbers (UIDs) of messages that nobody has read, oldest first."""
        _, data = self._client.uid("SEARCH", "UNSEEN")
        return list((data[0] or b"").split()[:limit])

    def read(self, number: bytes) -> bytes:
        """A message, still unread afterwards; empty if it has gone."""
        _, data = self._client.uid("FETCH", number.decode(), "(BODY.PEEK[])")
        return next((part[1] for part in data or () if isinstance(part, tuple)), b"")

    def done(self, number: bytes) -> None:
        """Mark a message as read: it is taken in."""
        self._client.uid("STORE", number.decode(), "+FLAGS.SILENT", r"(\Seen)")
