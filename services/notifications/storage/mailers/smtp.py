"""The mailer that speaks to a server: keeps a session for many messages, and tells what became of each."""

import socket
import ssl
from collections.abc import Callable
from functools import lru_cache

from services.notifications.domain.outcomes import Outcome, Phase, Result, one_line
from services.notifications.storage.mailers.address import SmtpAddress
from services.notifications.storage.mailers.protocol import Route
from services.notifications.storage.mailers.session import Session, Timeouts, Unusable


class SmtpMailer:
    """A Mailer (see `protocol`). `per_connection`: after so many messages a new connection is opened."""

    def __init__(
        self,
        address: SmtpAddress,
        *,
        timeouts: Timeouts | None = None,
        per_connection: int = 100,
        context: ssl.SSLContext | None = None,
        helo: str | None = None,
    ) -> None:
        self._address, self._timeouts = address, timeouts or Timeouts()
        self._per_connection, self._helo = per_connection, helo or _own_name()
        self._context = context or ssl.create_default_context()
        self._session: Session | None = None

    def send(
        self,
        envelope_from: str,
        recipient: str,
        message: bytes,
        *,
        on_final_dot: Callable[[], None],
        following: Route | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Outcome:
        """As the protocol says. A kept connection that the server has ended meanwhile is replaced once, if the server
        has not yet said anything about this message."""

        def hand_over(session: Session) -> Outcome:
            after = following if session.handed_over + 1 < self._per_connection else None
            return session.hand_over(route, message, on_final_dot, after, meanwhile)

        route = (envelope_from, recipient)
        try:
            session, used = self._ready(route)
            outcome = hand_over(session)
            if used and not session.open and _said_nothing(outcome):
                session, _ = self._ready(route)
                outcome = hand_over(session)
        except Unusable as error:
            return Outcome(Result.NOT_SENT, error.phase, error.code, text=one_line(error.text))
        return outcome

    def close(self) -> None:
        """Say goodbye to the server, if there is a connection."""
        session, self._session = self._session, None
        if session is not None:
            session.leave()

    def _ready(self, route: Route) -> tuple[Session, bool]:
        """A session that is open for this message, and whether it has been used before. Raises Unusable."""
        if self._session is not None and self._session.handed_over >= self._per_connection:
            self.close()
        if self._session is not None and self._session.open:
            if self._session.expects(route):
                return self._session, True
            self.close()
        self._session = Session(self._address, self._timeouts, self._context, self._helo)
        return self._session, False


@lru_cache(maxsize=1)
def _own_name() -> str:
    """What this machine calls itself, asked once: the answer may take the resolver seconds."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def _said_nothing(outcome: Outcome) -> bool:
    """The connection was gone, or going (421), before the sender was even accepted."""
    return outcome.phase is Phase.MAIL and (outcome.result is Result.NOT_SENT or outcome.code == 421)
