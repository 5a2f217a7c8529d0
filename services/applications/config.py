"""What this service needs to know, from the environment alone."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared import config
from shared.files.bucket import Bucket

_FIELD_KEY_BYTES = 32
_FILES, _SCANNER = "APPLICATIONS_FILES_FOLDER", "APPLICATIONS_SCANNER"
_BUCKET = "APPLICATIONS_FILES_BUCKET"
_PRIVATE, _PUBLIC, _FIELDS = (
    "APPLICATIONS_IDENTITY_PRIVATE_KEY",
    "HEARTH_IDENTITY_PUBLIC_KEY",
    "APPLICATIONS_FIELD_KEYS",
)


@dataclass(frozen=True)
class Config:
    """Settings of the applications service. `field_keys` maps a key id to 32 bytes; the first one seals new values."""

    database_url: str
    public_url: str
    secret_key: str = field(repr=False)
    identity_private_key: str = field(repr=False)
    identity_public_key: str
    field_keys: Mapping[str, bytes] = field(repr=False)
    files_folder: Path | None = None
    """Where uploaded files are kept; with no bucket either they are in the database."""
    files_bucket: Bucket | None = None
    scanner: str = ""
    """Which virus scanner looks at them; empty for none."""
    proxies: int = 0
    demo: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the environment; raises ConfigError naming the variable that is missing or unsafe."""
        private, public = _identity_keys(env)
        return cls(
            database_url=config.database_url(env, "APPLICATIONS_DATABASE_URL"),
            public_url=config.public_url(env),
            secret_key=config.secret(env, "APPLICATIONS_SECRET_KEY", "signing links and cookies"),
            identity_private_key=private,
            identity_public_key=public,
            field_keys=field_keys(config.require(env, _FIELDS, "id:base64 of 32 random bytes")),
            files_folder=_folder(env),
            files_bucket=_bucket(env),
            scanner=_scanner(env),
            proxies=config.number(env, "HEARTH_PROXIES", 0, least=0, most=5),
        )


def _folder(env: Mapping[str, str]) -> Path | None:
    text = env.get(_FILES, "").strip()
    if not text:
        return None
    folder = Path(text)
    if not folder.is_absolute() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise config.ConfigError(_FILES, "should be the whole path of a folder that this service may write in.")
    return folder


def _bucket(env: Mapping[str, str]) -> Bucket | None:
    text = env.get(_BUCKET, "").strip()
    if not text:
        return None
    if env.get(_FILES, "").strip():
        raise config.ConfigError(_BUCKET, f"and {_FILES} are two places for files: set one of them.")
    found = Bucket.parse(text, env)
    if found is None:
        raise config.ConfigError(_BUCKET, "should look like s3://name-of-the-bucket or s3://name-of-the-bucket/prefix.")
    if found.in_the_clear:
        raise config.ConfigError(
            "AWS_ENDPOINT", "should begin with https://. On a network of yours: AWS_ALLOW_HTTP=true."
        )
    return found


def _scanner(env: Mapping[str, str]) -> str:
    text = env.get(_SCANNER, "").strip()
    if text and not text.startswith(("clamd:", "command:")):
        raise config.ConfigError(_SCANNER, "should begin with clamd: or command:, or be empty.")
    return text


def _identity_keys(env: Mapping[str, str]) -> tuple[str, str]:
    """The pair that signs and verifies identities, in PEM form: of the right kind, and belonging together."""
    private = config.pem(env, _PRIVATE, "an Ed25519 private key")
    public = config.pem(env, _PUBLIC, "an Ed25519 public key")
    try:
        signing = load_pem_private_key(private.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        signing = None
    if not isinstance(signing, Ed25519PrivateKey):
        raise config.ConfigError(_PRIVATE, "is not an Ed25519 private key in PEM form without a password.")
    try:
        verifying = load_pem_public_key(public.encode())
    except (ValueError, UnsupportedAlgorithm):
        verifying = None
    if not isinstance(verifying, Ed25519PublicKey):
        raise config.ConfigError(_PUBLIC, "is not an Ed25519 public key in PEM form.")
    if signing.public_key() != verifying:
        raise config.ConfigError(_PUBLIC, f"does not belong to the key in {_PRIVATE}.")
    return private, public


def field_keys(text: str) -> dict[str, bytes]:
    """Parse "id:base64,id:base64"; raises ConfigError for anything that is not 32 random bytes a key."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise config.ConfigError(_FIELDS, "should be id:base64, several separated by commas.") from None
        if not name or name in keys or len(key) != _FIELD_KEY_BYTES or len(set(key)) < 8:
            raise config.ConfigError(
                _FIELDS, f"each key should be {_FIELD_KEY_BYTES} random bytes with an id of its own."
            )
        keys[name] = key
    return keys
