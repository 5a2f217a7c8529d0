"""What sending needs of a mailer; two real ones stand behind it (an SMTP server, a folder)."""

from collections.abc import Callable
from typing import Protocol

from services.notifications.domain.outcomes import Outcome

Route = tuple[str, str]
"""Return path and recipient: the envelope of a message."""


class Mailer(Protocol):
    """Hands single messages over. Not shared between threads: each sending thread opens its own."""

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
        """Try once and say what came of it; never raises for anything that a server or network does.

        `on_final_dot` is called at the last moment at which the message is certainly not taken, for the caller to
        commit that it is being handed over. If it raises, nothing is handed over and the exception comes out.

        `following` is where the next message will most likely go, at once: a server may be told of it together with the
        final dot, which saves a journey. Nothing is lost if another one comes, or none. `meanwhile` is called, if at
        all, while the answer to the dot is on its way, and does not raise.
        """

    def close(self) -> None:
        """Let go of connections. The mailer can be used again afterwards."""
