"""Small signed texts: links that let somebody choose what they get, return paths, and bodies of the bounce hook."""

import base64
import hashlib
import hmac
from uuid import UUID

_MAC = 10


def _mac(secret: str, purpose: str, content: bytes, length: int = _MAC) -> bytes:
    return hmac.digest(secret.encode(), f"hearth {purpose}\0".encode() + content, hashlib.sha256)[:length]


def _text(octets: bytes) -> str:
    return base64.b32encode(octets).decode().rstrip("=").lower()


def _octets(text: str) -> bytes | None:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return None


def seal(secret: str, purpose: str, id: UUID) -> str:
    """42 letters and digits that name `id` and could only be made with the secret; capitals do not matter."""
    return _text(id.bytes + _mac(secret, purpose, id.bytes))


def unseal(secret: str, purpose: str, text: str) -> UUID | None:
    """The id in such a text; None if it was not made with this secret for this purpose."""
    octets = _octets(text) if len(text) < 64 and text.isascii() else None
    # Some bits of the last letter mean nothing: only the letter that we write there is taken.
    if octets is None or len(octets) != 16 + _MAC or _text(octets) != text.lower():
        return None
    return UUID(bytes=octets[:16]) if hmac.compare_digest(octets[16:], _mac(secret, purpose, octets[:16])) else None


def return_path(secret: str, bounce_address: str, message_id: UUID) -> str:
    """Where reports about this one message go: bounces+<message and seal>@domain (VERP), 64 characters before the @ at
    most if the mailbox's own name has no more than 21."""
    name, _, domain = bounce_address.rpartition("@")
    return f"{name}+{seal(secret, 'return path', message_id)}@{domain}"


def message_of(secret: str, bounce_address: str, address: str) -> UUID | None:
    """Which message a return path was made for; None for any other address."""
    name, _, domain = bounce_address.rpartition("@")
    local, _, at = address.strip().strip("<>").rpartition("@")
    prefix = f"{name}+".lower()
    if at.lower() != domain.lower() or not local.lower().startswith(prefix):
        return None
    return unseal(secret, "return path", local[len(prefix) :])


def body_signature(secret: str, moment: int, body: bytes) -> str:
    """What proves that a body was sent at `moment` (seconds since 1970) by somebody who has the secret: hexadecimal."""
    return _mac(secret, "hook", str(moment).encode() + b"." + body, 32).hex()


def body_is_signed(secret: str, moment: int, body: bytes, signature: str) -> bool:
    """Whether the signature is that of this body at this moment."""
    expected = body_signature(secret, moment, body)
    return signature.isascii() and hmac.compare_digest(expected, signature.strip().lower())
