"""An SMTP server that misbehaves on request, for tests of what a sender makes of it. Loopback only.

with ChaoticServer(messages=[Chaos.DROP_AFTER_TAKING]) as server:
    ...  # send to 127.0.0.1:server.port
server.accepted  # what it took, whatever it answered
"""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto


class Chaos(Enum):
    """What to do at a connection's greeting, or at one message (SLOW: answers, but late). The last group happens after
    the final dot."""

    NONE = auto()
    # greeting
    REFUSE_GREETING = auto()
    BUSY_GREETING = auto()
    GARBAGE_GREETING = auto()
    SILENT_GREETING = auto()
    DROP_GREETING = auto()
    # before the message
    CLOSE_421_AT_MAIL = auto()
    DROP_AT_MAIL = auto()
    SIGN_IN_FIRST = auto()
    SLOW = auto()
    GARBAGE_AT_RCPT = auto()
    DROP_AFTER_REFUSING = auto()
    DEFER_AT_DATA = auto()
    SILENT_AT_DATA = auto()
    DROP_BEFORE_DOT = auto()
    # after the final dot
    DROP_AFTER_TAKING = auto()
    DROP_AFTER_LOSING = auto()
    SILENT_AFTER_TAKING = auto()
    GARBAGE_AFTER_TAKING = auto()
    LONG_LINE_AFTER_TAKING = auto()
    CLOSE_421_AT_DOT = auto()
    DEFER_AT_DOT = auto()
    REFUSE_AT_DOT = auto()


@dataclass(frozen=True)
class Accepted:
    """A message that the server took: dots unstuffed, line ends as they came."""

    envelope_from: str
    recipients: tuple[str, ...]
    data: bytes
    connection: int


SLOWLY = 0.15
"""Seconds before each reply of a slow server."""

Plan = Sequence[Chaos] | Callable[[int], Chaos]


def _chosen(plan: Plan, number: int) -> Chaos:
    if callable(plan):
        return plan(number)
    return plan[number] if number < len(plan) else Chaos.NONE


class ChaoticServer:
    """`greetings` by connection number, `messages` by number of MAIL command, both from 0; NONE when the list ends.

    `refused` recipients get 550 5.1.1; with `greylist` every pair of sender and recipient is deferred once. With
    `context`, TLS: from the first byte if `implicit`, else offered as STARTTLS. `users`: name -> password for AUTH.
    """

    def __init__(
        self,
        *,
        greetings: Plan = (),
        messages: Plan = (),
        refused: Collection[str] = (),
        greylist: bool = False,
        context: ssl.SSLContext | None = None,
        implicit: bool = False,
        sign_in: str | None = None,
        pipelining: bool = False,
    ) -> None:
        self.greetings, self.messages, self.refused = greetings, messages, set(refused)
        self.greylist, self.context, self.implicit, self.sign_in = greylist, context, implicit, sign_in
        self.pipelining = pipelining
        self.accepted: list[Accepted] = []
        self.commands: list[str] = []
        self.connections = self.mails = 0
        self.seen: set[tuple[str, str]] = set()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "ChaoticServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self.lock:
            for connection in self._open:
                _close(connection)
        self._thread.join(5)

    def next_mail(self) -> Chaos:
        """What happens to the message that begins now."""
        with self.lock:
            self.mails += 1
            return _chosen(self.messages, self.mails - 1)

    def _listen(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.lock:
                self._open.add(connection)
                number = self.connections
                self.connections += 1
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self.implicit and self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            _Conversation(self, connection, number).run()
        except (OSError, _Over):
            pass
        finally:
            _close(connection)


class _Over(Exception):
    """The conversation has ended."""


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class _Conversation:
    def __init__(self, server: ChaoticServer, connection: socket.socket, number: int) -> None:
        self.server, self.connection, self.number = server, connection, number
        self.file = connection.makefile("rb")
        self.secure = server.implicit
        self.chaos = Chaos.NONE
        self.sender, self.recipients = "", list[str]()

    def run(self) -> None:
        self.greet(_chosen(self.server.greetings, self.number))
        while line := self.file.readline():
            command = line.decode("ascii", "replace").rstrip("\r\n")
            with self.server.lock:
                self.server.commands.append(command)
            verb = command.split(" ")[0].upper()
            getattr(self, f"do_{verb.lower()}", self.unknown)(command)

    def say(self, text: str) -> None:
        if self.chaos is Chaos.SLOW:
            self.server.stopping.wait(SLOWLY)
        self.connection.sendall(text.encode() + b"\r\n")

    def drop(self) -> None:
        """Reset, not a polite end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.file.close()
        self.connection.close()
        raise _Over

    def silent(self) -> None:
        """Say nothing until the other side gives up or the test ends."""
        self.file.read()
        raise _Over

    def greet(self, chaos: Chaos) -> None:
        match chaos:
            case Chaos.REFUSE_GREETING:
                self.say("554 5.3.2 no mail here")
                raise _Over
            case Chaos.BUSY_GREETING:
                self.say("421 4.3.2 too busy")
                raise _Over
            case Chaos.GARBAGE_GREETING:
                self.say("SSH-2.0-OpenSSH_9.9")
            case Chaos.SILENT_GREETING:
                self.silent()
            case Chaos.DROP_GREETING:
                self.drop()
            case _:
                self.say("220 chaos.test ready")

    def do_ehlo(self, _: str) -> None:
        offers = ["chaos.test", "PIPELINING"] if self.server.pipelining else ["chaos.test"]
        if self.server.context and not self.secure:
            offers.append("STARTTLS")
        if self.server.sign_in:
            offers.append("AUTH PLAIN")
        for number, offer in enumerate(offers, 1):
            self.say(f"250{' ' if number == len(offers) else '-'}{offer}")

    def do_starttls(self, _: str) -> None:
        assert self.server.context is not None
        self.say("220 go ahead")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.file, self.secure = self.connection.makefile("rb"), True

    def do_auth(self, command: str) -> None:
        self.say("235 2.7.0 welcome" if command.endswith(str(self.server.sign_in)) else "535 5.7.8 no")

    def do_mail(self, command: str) -> None:
        self.chaos = self.server.next_mail()
        self.sender, self.recipients = _address(command), []
        match self.chaos:
            case Chaos.CLOSE_421_AT_MAIL:
                self.say("421 4.3.0 closing")
                raise _Over
            case Chaos.DROP_AT_MAIL:
                self.drop()
            case Chaos.SIGN_IN_FIRST:
                self.say("530 5.7.0 sign in first")
            case _:
                self.say("250 2.1.0 ok")

    def do_rcpt(self, command: str) -> None:
        recipient = _address(command)
        pair = (self.sender, recipient)
        if self.chaos is Chaos.GARBAGE_AT_RCPT:
            self.say("<html>200 OK</html>")
        elif recipient in self.server.refused:
            self.say("550 5.1.1 nobody of that name")
            if self.chaos is Chaos.DROP_AFTER_REFUSING:
                self.drop()
        elif self.server.greylist and pair not in self.server.seen:
            self.server.seen.add(pair)
            self.say("451 4.7.1 come back later")
        else:
            self.recipients.append(recipient)
            self.say("250 2.1.5 ok")

    def do_data(self, _: str) -> None:
        if self.chaos is Chaos.DEFER_AT_DATA:
            return self.say("452 4.3.1 disk full")
        if self.chaos is Chaos.SILENT_AT_DATA:
            self.silent()
        self.say("354 go ahead")
        if self.chaos is Chaos.DROP_BEFORE_DOT:
            self.file.read(1)
            self.drop()
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        if line:
            self.finish(b"".join(lines))

    def finish(self, data: bytes) -> None:
        lost = (Chaos.DROP_AFTER_LOSING, Chaos.DEFER_AT_DOT, Chaos.REFUSE_AT_DOT, Chaos.CLOSE_421_AT_DOT)
        if self.chaos not in lost:
            with self.server.lock:
                self.server.accepted.append(Accepted(self.sender, tuple(self.recipients), data, self.number))
        match self.chaos:
            case Chaos.DROP_AFTER_TAKING | Chaos.DROP_AFTER_LOSING:
                self.drop()
            case Chaos.SILENT_AFTER_TAKING:
                self.silent()
            case Chaos.GARBAGE_AFTER_TAKING:
                self.say("\x00\xff?!")
            case Chaos.LONG_LINE_AFTER_TAKING:
                self.say("250 " + "x" * 20_000)
            case Chaos.CLOSE_421_AT_DOT:
                self.say("421 4.3.0 closing")
                raise _Over
            case Chaos.DEFER_AT_DOT:
                self.say("450 4.2.0 later")
            case Chaos.REFUSE_AT_DOT:
                self.say("554 5.7.1 looks like spam")
            case _:
                self.say("250 2.0.0 taken")

    def do_rset(self, _: str) -> None:
        self.sender, self.recipients = "", []
        self.say("250 2.0.0 ok")

    def do_quit(self, _: str) -> None:
        self.say("221 2.0.0 bye")
        raise _Over

    def unknown(self, _: str) -> None:
        self.say("502 5.5.1 what?")


def _address(command: str) -> str:
    return command[command.index("<") + 1 : command.index(">")]
