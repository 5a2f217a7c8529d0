"""A mail server for tests: takes everything, keeps it in memory, refuses whom it is told to refuse."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.processes import free_ports


class MailCatcher:
    """`url` is what a mailer is configured with; `messages` are what arrived, oldest first."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        """Recipient -> the SMTP answer to give instead of accepting, such as "550 5.1.1 No such person"."""
        self._controller = Controller(self, hostname="127.0.0.1", port=free_ports(1)[0])

    @property
    def url(self) -> str:
        """Such as smtp://127.0.0.1:2525"""
        return f"smtp://127.0.0.1:{self._controller.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """The messages for one recipient."""
        return [message for message in self.messages if message["X-RcptTo"] == address]

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """aiosmtpd's hook."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        message["X-MailFrom"] = envelope.mail_from
        message["X-RcptTo"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"

    def start(self) -> None:
        """Listen, in a thread of its own."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what arrived stays."""
        self._controller.stop(no_assert=True)


@pytest.fixture
def mail_catcher() -> Iterator[MailCatcher]:
    """A running SMTP server and what it has received."""
    catcher = MailCatcher()
    catcher.start()
    yield catcher
    catcher.stop()
