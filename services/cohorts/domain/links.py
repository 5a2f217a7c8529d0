"""Addresses that this service sends out. An offer's link carries a signature, and nothing that says who it is for."""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from uuid import UUID

_SIGNATURE = 32


def new_nonce() -> str:
    """128 random bits for a link."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links under the site's origin, signed with this service's secret."""

    origin: str
    secret: str = field(repr=False)

    def panel(self) -> str:
        """A reviewer's own list."""
        return f"{self.origin}/cohorts/panel/"

    def discussions(self) -> str:
        """A reviewer's own discussions."""
        return f"{self.origin}/cohorts/panel/discussions"

    def survey(self, survey_id: UUID) -> str:
        """The page of a survey: the same address for everybody, so that it says nothing of who follows it."""
        return f"{self.origin}/cohorts/my/surveys/{survey_id}"

    def lottery(self, lottery_id: UUID) -> str:
        """What everybody may see of a lottery."""
        return f"{self.origin}/cohorts/lotteries/{lottery_id}"

    def offer(self, offer_id: UUID, nonce: str) -> str:
        """The page that answers an offer."""
        return f"{self.origin}/cohorts/offers/{self.token(offer_id, nonce)}"

    def token(self, offer_id: UUID, nonce: str) -> str:
        """The offer's number and its signature, in letters fit for an address."""
        return self._token(b"offer", offer_id, nonce)

    def matches(self, token: str, offer_id: UUID, nonce: str) -> bool:
        """Whether `token` is the offer's, compared in constant time."""
        return hmac.compare_digest(token.encode(), self.token(offer_id, nonce).encode())

    def feed(self, feed_id: UUID, nonce: str) -> str:
        """A person's private calendar address."""
        return f"{self.origin}/cohorts/calendar/{self._token(b'feed', feed_id, nonce)}.ics"

    def matches_feed(self, token: str, feed_id: UUID, nonce: str) -> bool:
        """Whether `token` is the feed's, compared in constant time."""
        return hmac.compare_digest(token.encode(), self._token(b"feed", feed_id, nonce).encode())

    def _token(self, what: bytes, id: UUID, nonce: str) -> str:
        signature = hmac.new(self.secret.encode(), what + b"|" + id.bytes + nonce.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(id.bytes + signature).decode()


def named_by(token: str) -> UUID | None:
    """Which thing a token speaks of, before its signature is looked at; None for what is no token."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return UUID(bytes=raw[:16]) if len(raw) == 16 + _SIGNATURE else None
