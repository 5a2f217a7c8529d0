"""Tokens and codes: made at random, kept as hashes, compared in constant time."""

import hashlib
import hmac
import secrets
from typing import Final

from services.applications.domain.text import plain_digits

TOKEN_BYTES: Final = 32
CODE_LENGTH: Final = 8
# No vowels, so no words; nothing that looks like something else.
_ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ23456789"


def new_token() -> str:
    """256 random bits, safe in a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Eight characters that are easy to read out and to type: about 38 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def shown(code: str) -> str:
    """A code in two halves, as people read it: "BCDF-2345"."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def typed(text: str) -> str:
    """A code as somebody typed it, in ASCII: case, spaces, hyphens and the script of its digits do not matter."""
    return "".join(sign for sign in plain_digits(text.upper()) if sign.isascii() and sign.isalnum())


def digest(secret: str, *, salt: str = "") -> str:
    """SHA-256 in hex. A short code is salted with its request's id, so that equal codes differ."""
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


def matches(secret: str, stored: str, *, salt: str = "") -> bool:
    """Whether `secret` is the one that `stored` is the digest of."""
    return hmac.compare_digest(digest(secret, salt=salt), stored)


def derived(key: str, purpose: str, *parts: str) -> str:
    """A token that can be made again from the service's key: HMAC-SHA-256 over its purpose and parts."""
    message = "\x1f".join((purpose, *parts)).encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
