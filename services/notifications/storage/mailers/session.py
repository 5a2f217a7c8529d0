"""One SMTP connection that knows how far each message got.

`smtplib.SMTP.sendmail` raises the same error for "never sent", "dropped before the reply" and "taken, reply lost".
Here the phase is noted before every step, and the caller is told just before the final dot (RFC 5321, 4.1.1.4).
"""

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.notifications.domain.outcomes import Outcome, Phase, from_reply, lost
from services.notifications.storage.mailers.address import Security, SmtpAddress
from services.notifications.storage.mailers.protocol import Route

T = TypeVar("T")
_GO_AHEAD = 354
_BARE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for the connection, for a reply to a command, and for the reply to the final dot (ten minutes:
    RFC 5321, 4.5.3.2.6)."""

    connect: float = 30.0
    command: float = 300.0
    final_dot: float = 600.0


class Unusable(Exception):
    """The session could not be opened; nothing was said about any message."""

    def __init__(self, phase: Phase, text: str, code: int | None = None) -> None:
        super().__init__(text)
        self.phase, self.text, self.code = phase, text, code


class _Garbage(Exception):
    """What came back is no SMTP reply."""


class Session(smtplib.SMTP):
    """An open, greeted, secured and (if asked) authenticated connection."""

    def __init__(self, address: SmtpAddress, timeouts: Timeouts, context: ssl.SSLContext, helo: str) -> None:
        """Raises Unusable with the phase in which it failed."""
        self._address, self._timeouts, self._context = address, timeouts, context
        self.phase = Phase.CONNECT
        self.open = False
        self.handed_over = 0
        self._announced: Route | None = None
        """The message that the server has been told of with the dot of the one before; its replies are still unread."""
        super().__init__(local_hostname=helo, timeout=timeouts.connect)
        self._host = address.host  # what starttls checks the certificate against
        try:
            self._begin()
        except Unusable:
            self.abort()
            raise
        except (OSError, smtplib.SMTPException, _Garbage, ValueError) as error:
            self.abort()
            raise Unusable(self.phase, _words(error), _code(error)) from error

    def expects(self, route: Route) -> bool:
        """Whether this message can be the next one here: the server has not been told of another."""
        return self._announced in (None, route)

    def hand_over(
        self,
        route: Route,
        message: bytes,
        on_final_dot: Callable[[], None],
        following: Route | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Outcome:
        """One message to one recipient. Whatever `on_final_dot` raises comes out, and nothing is handed over.

        A server that takes commands together (RFC 2920) is told of the `following` message with the final dot.
        """
        steps = _commands(route)
        data, ahead = stuffed(message), self._told_ahead(following)
        refused = self._guarded(lambda: self._up_to_dot(steps, data))
        if refused is not None:
            return refused
        try:
            on_final_dot()
        except BaseException:
            self.abort()
            raise
        return self._guarded(lambda: self._final_dot(ahead, following, meanwhile))

    def _guarded(self, step: Callable[[], T]) -> T | Outcome:
        """What the step says, or that the connection was lost in the phase it had reached."""
        try:
            return step()
        except (smtplib.SMTPException, _Garbage, OSError) as error:
            self.abort()
            return lost(self.phase, _words(error))
        except BaseException:
            self.abort()
            raise

    def abort(self) -> None:
        """End the connection at once, without a word to the server."""
        self.open = False
        self._announced = None
        self.close()

    def leave(self) -> None:
        """Say QUIT if the server still listens for commands; its answer does not matter."""
        if self.open and self._announced is None:
            try:
                self._wait(min(5.0, self._timeouts.command))
                self.quit()
            except (smtplib.SMTPException, _Garbage, OSError):
                pass
        self.abort()

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib's, but a line too long or without a code is told apart from a refusal."""
        try:
            code, text = super().getreply()
        except smtplib.SMTPResponseException as error:
            raise _Garbage("the server's answer is too long") from error
        if not 200 <= code < 600:
            raise _Garbage("the server's answer is no SMTP reply")
        return code, text

    def _begin(self) -> None:
        code, text = self.connect(self._address.host, self._address.port)
        self._wait(self._timeouts.command)
        self._expect(code == 220, code, text)
        self._hello()
        if self._address.security is Security.STARTTLS:
            self._expect(self.has_extn("starttls"), None, b"the server does not offer TLS")
            self._expect(self.starttls(context=self._context)[0] == 220, None, b"the server refused TLS")
            self._hello()
        if self._address.user:
            self.login(self._address.user, self._address.password or "")
        self.open = True

    def _hello(self) -> None:
        code, text = self.ehlo()
        if not 200 <= code < 300:
            code, text = self.helo()
        self._expect(200 <= code < 300, code, text)

    def _expect(self, good: bool, code: int | None, text: bytes) -> None:
        if not good:
            raise Unusable(self.phase, text.decode("utf-8", "replace"), code)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """smtplib's own way to other sockets (SMTP_SSL does the same). The final dot is a small packet after a large
        one: without TCP_NODELAY it waits for the server's acknowledgement, 40 ms a message."""
        plain = socket.create_connection((host, port), timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.phase = Phase.GREETING
        if self._address.security is Security.IMPLICIT:
            return self._context.wrap_socket(plain, server_hostname=host)
        return plain

    def _up_to_dot(self, steps: Sequence[tuple[Phase, str, int]], data: bytes) -> Outcome | None:
        """Everything but the final dot; the refusal, if there is one."""
        refused = self._asked_together(steps) if self.has_extn("pipelining") else self._asked_in_turn(steps)
        if refused is not None:
            return refused
        self.send(data)
        return self._hung_up()

    def _asked_in_turn(self, steps: Sequence[tuple[Phase, str, int]]) -> Outcome | None:
        for phase, command, wanted in steps:
            self.phase = phase
            code, text = self.docmd(command)
            if code // 100 != wanted:
                return self._refused(phase, code, text)
        return None

    def _asked_together(self, steps: Sequence[tuple[Phase, str, int]]) -> Outcome | None:
        """All commands at once, where the server takes that (RFC 2920): two journeys for a message instead of four, or
        one if they went with the dot of the message before."""
        self.phase = steps[0][0]
        if self._announced is None:
            self.send(_together(steps))
        self._announced = None
        refusal: tuple[Phase, int, bytes] | None = None
        code = 0
        try:
            for phase, _, wanted in steps:
                self.phase = phase if refusal is None else self.phase
                code, text = self.getreply()
                if refusal is None and code // 100 != wanted:
                    refusal = (phase, code, text)
        except (smtplib.SMTPException, _Garbage, OSError):
            if refusal is None:
                raise
            self.abort()  # the refusal stands, even if the session then breaks
        if refusal is None:
            return None
        if code == _GO_AHEAD:
            # A server that refuses the recipient and still waits for a message: it gets none.
            self.abort()
        return self._refused(*refusal)

    def _hung_up(self) -> Outcome | None:
        """Whether the server has ended the session or refused while the message was on its way: one look, no wait, so
        that fewer messages end as unknown. (Not through TLS, whose own records also make a socket readable.)"""
        if self.sock is None or isinstance(self.sock, ssl.SSLSocket):
            return None
        look = select.poll()
        look.register(self.sock, select.POLLIN)
        if not look.poll(0):
            return None
        code, text = self.getreply()
        self.abort()
        return from_reply(Phase.DATA, code, text.decode("utf-8", "replace"))

    def _told_ahead(self, following: Route | None) -> bytes:
        """The commands for the next message; none where the server does not take them yet."""
        if following is None or not self.has_extn("pipelining"):
            return b""
        try:
            return _together(_commands(following))
        except ValueError:
            return b""  # said when its turn comes: it is no concern of this message

    def _final_dot(self, ahead: bytes, following: Route | None, meanwhile: Callable[[], None] | None) -> Outcome:
        self.phase = Phase.DOT
        self._wait(self._timeouts.final_dot)
        self.send(b".\r\n" + ahead)
        self._announced = following if ahead else None
        if meanwhile is not None:
            meanwhile()
        code, text = self.getreply()
        self._wait(self._timeouts.command)
        self.handed_over += 1
        self._close_if_told(code)
        outcome = from_reply(Phase.DOT, code, text.decode("utf-8", "replace"))
        self.phase = outcome.phase
        return outcome

    def _refused(self, phase: Phase, code: int, text: bytes) -> Outcome:
        """The refusal stands, even if the session then breaks."""
        self._close_if_told(code)
        if self.open:
            self._guarded(self._reset)
        return from_reply(phase, code, text.decode("utf-8", "replace"))

    def _reset(self) -> None:
        if self.docmd("RSET")[0] != 250:
            self.abort()

    def _close_if_told(self, code: int) -> None:
        """421 says that the server closes the connection, whatever it answers."""
        if code == 421:
            self.abort()

    def _wait(self, seconds: float) -> None:
        if self.sock is not None:
            self.sock.settimeout(seconds)


def stuffed(message: bytes) -> bytes:
    """The message as DATA wants it: line ends CRLF and no others (bare ones let a message smuggle another), dots at
    the beginning of a line doubled, a line end at the end."""
    if not message.count(b"\r") == message.count(b"\n") == message.count(b"\r\n"):
        message = _BARE.sub(b"\r\n", message)
    message = message.replace(b"\r\n.", b"\r\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message if message.endswith(b"\r\n") else message + b"\r\n"


def _commands(route: Route) -> Sequence[tuple[Phase, str, int]]:
    """Each command with the first digit of the reply that lets the next one follow."""
    return (
        (Phase.MAIL, f"MAIL FROM:<{_mailbox(route[0])}>", 2),
        (Phase.RCPT, f"RCPT TO:<{_mailbox(route[1])}>", 2),
        (Phase.DATA, "DATA", 3),
    )


def _together(steps: Sequence[tuple[Phase, str, int]]) -> bytes:
    return "".join(f"{command}\r\n" for _, command, _ in steps).encode("ascii")


def _mailbox(address: str) -> str:
    if not address.isascii() or not address.isprintable() or any(mark in address for mark in "<> "):
        raise ValueError("an envelope address is ASCII, without spaces or angle brackets")
    return address


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the server did not accept the user name and password"
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"{type(error).__name__}: {error}"


def _code(error: Exception) -> int | None:
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
