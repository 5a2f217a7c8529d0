"""The data directory: three databases, the mail folder, and secrets made once and kept private."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

SERVICES = ("applications", "cohorts", "notifications")


class Unusable(Exception):
    """The data directory cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Home:
    """Where an embedded Hearth keeps everything."""

    folder: Path

    def database(self, service: str) -> Path:
        """The SQLite file of a service."""
        return self.folder / f"{service}.sqlite3"

    def database_url(self, service: str) -> str:
        """Its SQLAlchemy address."""
        return f"sqlite:///{self.database(service)}"

    @property
    def mail(self) -> Path:
        """The folder that stands in for a mail server."""
        return self.folder / "mail"

    @property
    def templates(self) -> Path:
        """Page templates as they were compiled, so that the next start need not."""
        return self.folder / "templates"

    @property
    def loaded(self) -> Path:
        """A file that is there once the whole sample is."""
        return self.folder / "sample-loaded"

    def secrets(self) -> dict[str, Any]:
        """Keys of this installation, made at the first call, readable by their owner only."""
        path = self.folder / "secrets.json"
        if not path.exists():
            _write_private(path, json.dumps(_new_secrets(), indent=1))
        found: dict[str, Any] = json.loads(path.read_text())
        return found


def open_home(folder: Path) -> Home:
    """The data directory, made if it is not there.

    Raises:
        Unusable: it cannot be written to.
    """
    home = Home(folder.expanduser().resolve())
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        probe = home.folder / ".writable"
        probe.write_text("")
        probe.unlink()
        home.mail.mkdir(exist_ok=True)
        home.templates.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Unusable(
            f"The data directory {home.folder} cannot be written to ({error.strerror}). "
            "Choose another with --data, or change who owns it."
        ) from None
    return home


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _new_secrets() -> dict[str, Any]:
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "identity_private_key": private.decode(),
        "identity_public_key": public.decode(),
        "field_keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
        **{service: secrets.token_urlsafe(48) for service in SERVICES},
    }
