"""Mail as a person reads it: the newest message to an address, its words, its links, its invitation."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from html import unescape

PATIENCE = 30.0


@dataclass(frozen=True)
class Mail:
    """One message."""

    to: str
    subject: str
    text: str
    html: str
    calendar: str | None

    def link(self, part: str) -> str:
        """The first link that contains `part`."""
        found = [unescape(link) for link in re.findall(r'href="([^"]+)"', self.html) if part in link]
        assert found, f"no link with {part!r} in {self.subject!r}"
        return found[0]

    def code(self) -> str:
        """The code to type."""
        found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", self.text)
        assert found, f"no code in {self.subject!r}"
        return found[0]


def parse(content: bytes) -> Mail:
    """A message from its bytes."""
    message = BytesParser(policy=default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
    return Mail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_content(parts, "text/plain"),
        html=_content(parts, "text/html"),
        calendar=_content(parts, "text/calendar") or None,
    )


def _content(parts: dict[str, Message], kind: str) -> str:
    part = parts.get(kind)
    return "" if part is None else str(part.get_content())  # type: ignore[attr-defined]


class Postbox:
    """All mail that a site has sent. `read` gives the messages' bytes in the order of sending."""

    def __init__(self, read: Callable[[], Sequence[bytes]]) -> None:
        self._read = read

    def all_to(self, address: str) -> list[Mail]:
        """Every message to an address so far."""
        found = [parse(content) for content in self._read() if address.encode() in content]
        return [mail for mail in found if address in mail.to]

    def wait(self, address: str, subject: str, *, count: int = 1) -> Mail:
        """The newest message to `address` whose subject contains `subject`, once there are `count` of them."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = [mail for mail in self.all_to(address) if subject in mail.subject]
            if len(found) >= count:
                return found[-1]
            if time.monotonic() > deadline:
                seen = [mail.subject for mail in self.all_to(address)]
                raise AssertionError(f"waited for {count} x {subject!r} to {address}; there is {seen}")
            time.sleep(0.1)  # mail comes from another process: there is nothing to be woken by
