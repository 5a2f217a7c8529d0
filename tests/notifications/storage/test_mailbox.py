"""The mailbox of reports: over TLS alone, each report once, what cannot be taken in yet stays unread."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from services.notifications.config import Bounces
from services.notifications.storage.mailbox import ImapAddress, Mailbox, parse_imap
from services.notifications.use_cases.poll_mailbox import Poll
from shared.errors import Invalid
from tests.notifications.postbox import Postbox, submitted
from tests.notifications.reports import BOUNCES, dsn, path_of
from tests.notifications.storage.mailers.test_smtp import certificate


class ImapServer:
    """As much of IMAP as reading needs."""

    def __init__(self, context: ssl.SSLContext, messages: list[bytes]) -> None:
        self.messages, self.seen, self.visits = messages, set[int](), 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            try:
                self._serve(self._context.wrap_socket(plain, server_side=True))
            except OSError:
                plain.close()

    def _serve(self, connection: ssl.SSLSocket) -> None:
        self.visits += 1
        connection.sendall(b"* OK ready\r\n")
        for line in connection.makefile("rb"):
            tag, _, rest = line.decode().strip().partition(" ")
            connection.sendall(self._answer(rest) + f"{tag} OK done\r\n".encode())
            if rest.upper().startswith("LOGOUT"):
                break
        connection.close()

    def _answer(self, command: str) -> bytes:
        words = command.split()
        match words[0].upper(), words[1].upper() if len(words) > 1 else "":
            case "CAPABILITY", _:
                return b"* CAPABILITY IMAP4rev1\r\n"
            case "SELECT", _:
                return f"* {len(self.messages)} EXISTS\r\n".encode()
            case "UID", "SEARCH":
                unread = " ".join(str(n + 1) for n in range(len(self.messages)) if n not in self.seen)
                return f"* SEARCH {unread}\r\n".encode()
            case "UID", "FETCH":
                content = self.messages[int(words[2]) - 1]
                return f"* 1 FETCH (UID {words[2]} BODY[] {{{len(content)}}}\r\n".encode() + content + b")\r\n"
            case "UID", "STORE":
                self.seen.add(int(words[2]) - 1)
        return b""


@contextmanager
def imap(folder: Path, messages: list[bytes]) -> Iterator[tuple[ImapServer, Mailbox]]:
    inside, outside = certificate(folder)
    server = ImapServer(inside, messages)
    try:
        yield server, Mailbox(ImapAddress("127.0.0.1", server.port, "bounces", "secret"), outside)
    finally:
        server.close()


def test_reports_are_read_once_and_marked(one_postbox: Postbox, tmp_path: Path) -> None:
    one_postbox.close()
    postbox = Postbox(
        type(one_postbox.config)(**{**vars(one_postbox.config), "bounces": Bounces(BOUNCES)}), one_postbox.clock
    )
    for number in range(2):
        postbox.publish(submitted(postbox.person(email=f"p{number}@example.net"), postbox.clock()))
    postbox.send()
    reports = [dsn(path_of(postbox, row), number=number) for number, row in enumerate(postbox.rows())]
    with imap(tmp_path, [*reports, reports[0], b"Subject: hello\r\n\r\nlunch?\r\n"]) as (server, mailbox):
        poll = Poll(postbox.units, mailbox)
        poll.step()
        poll.step()  # not before a minute has passed
        assert server.visits == 1
        assert server.seen == {0, 1, 2, 3}
        postbox.clock.advance(timedelta(minutes=2))
        poll.step()
        assert server.visits == 2
    assert [row.state for row in postbox.rows()] == ["bounced", "bounced"]
    assert len([each for each in postbox.told() if each.get("state") == "bounced"]) == 2
    postbox.close()


def test_a_mailbox_that_is_away_is_asked_again_later(one_postbox: Postbox, tmp_path: Path) -> None:
    _, outside = certificate(tmp_path)
    poll = Poll(one_postbox.units, Mailbox(ImapAddress("127.0.0.1", 9, "bounces", "secret"), outside))
    assert poll.step() is False


@pytest.mark.parametrize("text", ["imap://u:p@host", "imaps://host", "imaps://u@host", "", "imaps://u:p@host:x"])
def test_there_is_no_way_in_without_tls_and_a_name(text: str) -> None:
    with pytest.raises(Invalid):
        parse_imap(text)


def test_an_address_in_full() -> None:
    found = parse_imap("imaps://bounces%40example.org:p%2Fw@mail.example.org/Reports")
    assert found == ImapAddress("mail.example.org", 993, "bounces@example.org", "p/w", "Reports")
