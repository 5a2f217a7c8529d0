"""Parts of somebody's data on their way between services: only who asked can open them.

The one who asks makes a key pair for the request and sends its public half along. Each part is sealed with a key agreed
between that and a pair of its own (X25519, HKDF-SHA-256), by AES-256-GCM: outboxes, brokers and dead letters hold
nothing that can be read.
"""

import base64
import json
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LONGEST = 256 * 1024
"""Characters of one part: small enough for any broker."""
_NONCE = bytes(12)  # every part has a key of its own, used once
_KEY_BYTES = 32


class Unreadable(Exception):
    """A part was not sealed for this key, or has been changed."""


def new_pair() -> tuple[str, str]:
    """A private and a public key, as text."""
    key = X25519PrivateKey.generate()
    return _text(key.private_bytes_raw()), _text(key.public_key().public_bytes_raw())


def seal(value: Any, public_key: str, context: str) -> list[str]:
    """A JSON value as one or more parts, in order. `context` ties them to their request and service."""
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(_bytes(public_key)))
    packed = zlib.compress(json.dumps(value, ensure_ascii=False).encode(), 6)
    sealed = AESGCM(_derived(shared, context)).encrypt(_NONCE, packed, context.encode())
    text = _text(own.public_key().public_bytes_raw() + sealed)
    return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]


def open_parts(parts: list[str], private_key: str, context: str) -> Any:
    """What was sealed; raises Unreadable."""
    try:
        packed = _bytes("".join(parts))
        shared = X25519PrivateKey.from_private_bytes(_bytes(private_key)).exchange(
            X25519PublicKey.from_public_bytes(packed[:_KEY_BYTES])
        )
        plain = AESGCM(_derived(shared, context)).decrypt(_NONCE, packed[_KEY_BYTES:], context.encode())
        return json.loads(zlib.decompress(plain))
    except (InvalidTag, ValueError, zlib.error):
        raise Unreadable(context) from None


def _derived(secret: bytes, context: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"hearth:{context}".encode()).derive(secret)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
