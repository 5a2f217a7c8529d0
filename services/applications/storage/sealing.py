"""Field encryption: AES-256-GCM with the key's id in front, so that keys can be changed one row at a time."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


class Sealed(Exception):
    """A sealed value cannot be opened: its key is not configured, or it was tampered with or moved."""


class Sealer:
    """Seals JSON values. `context` ties a value to its place: it cannot be opened elsewhere."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self._newest = next(iter(keys))

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return self._newest

    def knows(self, key: str) -> bool:
        """Whether a key is configured."""
        return key in self._keys

    def seal(self, value: Any, context: str) -> str:
        """`value` (JSON) as text that only a holder of the key can read."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=False).encode()
        sealed = self._keys[self._newest].encrypt(nonce, plain, context.encode())
        return f"{self._newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, text: str, context: str) -> Any:
        """What was sealed for `context`; raises Sealed."""
        name, _, encoded = text.partition(":")
        if name not in self._keys:
            raise Sealed(f"the field key {name!r} is not configured")
        try:
            packed = base64.b64decode(encoded, validate=True)
            plain = self._keys[name].decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise Sealed("a sealed value does not belong here") from None
        return json.loads(plain)

    def seal_bytes(self, plain: bytes, context: str) -> bytes:
        """The same for the bytes of a file."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return f"{self._newest}:".encode() + nonce + self._keys[self._newest].encrypt(nonce, plain, context.encode())

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """The bytes that were sealed for `context`; raises Sealed."""
        name, _, packed = sealed.partition(b":")
        key = self._keys.get(name.decode(errors="replace"))
        if key is None:
            raise Sealed("the field key of a file is not configured")
        try:
            return key.decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise Sealed("a sealed file does not belong here") from None

    def is_current(self, text: str) -> bool:
        """Whether the newest key sealed it."""
        return text.startswith(f"{self._newest}:")
