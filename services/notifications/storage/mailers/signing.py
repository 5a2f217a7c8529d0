"""A mailer that signs what another one hands over (DKIM, RFC 6376), where no relay does it."""

from collections.abc import Callable

from services.notifications.domain.outcomes import Outcome
from services.notifications.storage.mailers.protocol import Mailer, Route

# Signed once more than they stand there (RFC 6376, 8.15): nobody can add a second one.
_TWICE = (b"from", b"to", b"subject", b"date", b"message-id")
_SIGNED = (
    b"reply-to", b"mime-version", b"content-type", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


class SigningMailer:
    """A Mailer (see `protocol`). Raises ValueError for a key that cannot sign: found out at the start."""

    def __init__(self, mailer: Mailer, selector: str, domain: str, key: bytes) -> None:
        self._mailer, self._selector, self._domain, self._key = mailer, selector.encode(), domain.encode(), key
        try:
            self._signature(b"From: a@example.org\r\n\r\n.\r\n")
        except Exception as error:
            raise ValueError(f"the key cannot sign ({type(error).__name__})") from None

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
        """As the protocol says."""
        signed = self._signature(message) + message
        return self._mailer.send(
            envelope_from, recipient, signed, on_final_dot=on_final_dot, following=following, meanwhile=meanwhile
        )

    def close(self) -> None:
        """Close the mailer behind."""
        self._mailer.close()

    def _signature(self, message: bytes) -> bytes:
        import dkim  # with all of DNS behind it, and most send through a relay that signs

        headers = [*_TWICE, *_SIGNED]
        signer = dkim.DKIM(message)
        there = {name.lower() for name, _ in signer.headers}
        signature: bytes = signer.sign(
            self._selector,
            self._domain,
            self._key,
            canonicalize=(b"relaxed", b"simple"),
            include_headers=[*(name for name in headers if name in there), *_TWICE],
        )
        return signature
