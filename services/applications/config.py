"""What this service needs to know, from the environment alone."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared import config

_FIELD_KEY_BYTES = 32


@dataclass(frozen=True)
class Config:
    """Settings of the applications service. `field_keys` maps a key id to 32 bytes; the first one seals new values."""

    database_url: str
    public_url: str
    secret_key: str = field(repr=False)
    identity_private_key: str = field(repr=False)
    identity_public_key: str
    field_keys: Mapping[str, bytes] = field(repr=False)
    proxies: int = 0
    demo: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the environment; raises ConfigError naming the variable that is missing or unsafe."""
        return cls(
            database_url=config.database_url(env, "APPLICATIONS_DATABASE_URL"),
            public_url=config.public_url(env),
            secret_key=config.secret(env, "APPLICATIONS_SECRET_KEY", "signing links and cookies"),
            identity_private_key=_private_key(env),
            identity_public_key=config.pem(env, "HEARTH_IDENTITY_PUBLIC_KEY", "an Ed25519 public key"),
            field_keys=field_keys(config.require(env, "APPLICATIONS_FIELD_KEYS", "id:base64 of 32 random bytes")),
            proxies=config.number(env, "HEARTH_PROXIES", 0, least=0, most=5),
        )


def _private_key(env: Mapping[str, str]) -> str:
    variable = "APPLICATIONS_IDENTITY_PRIVATE_KEY"
    pem = config.pem(env, variable, "an Ed25519 private key")
    try:
        load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise config.ConfigError(variable, "is not a private key in PEM form without a password.") from None
    return pem


def field_keys(text: str) -> dict[str, bytes]:
    """Parse "id:base64,id:base64"; raises ConfigError for anything that is not 32 bytes a key."""
    variable, keys = "APPLICATIONS_FIELD_KEYS", {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            keys[name] = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            raise config.ConfigError(variable, "should be id:base64, several separated by commas.") from None
        if not name or len(keys[name]) != _FIELD_KEY_BYTES:
            raise config.ConfigError(variable, f"each key should be {_FIELD_KEY_BYTES} random bytes with an id.")
    return keys
