"""The environment variables that the six processes are configured with: fresh secrets each time, and nothing else."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = "Leading Together"
SENDER = "Leading Together <hello@leading-together.example>"


def key_pair() -> tuple[str, str]:
    """A fresh Ed25519 pair: (private PEM, public PEM)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def mailer(url: str) -> str:
    """The mail catcher's smtp:// address as the mailer wants it: plain text is for this machine only."""
    return url.replace("smtp://", "smtp+insecure://", 1)


def settings(
    public_url: str, databases: Mapping[str, str], broker_url: str, mail_url: str
) -> dict[str, dict[str, str]]:
    """Service -> its environment, as docker-compose.yml gives it. Each holds its own secrets and nobody else's."""
    private, public = key_pair()
    common = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "HEARTH_PUBLIC_URL": public_url,
        "HEARTH_BROKER_URL": broker_url,
        "HEARTH_IDENTITY_PUBLIC_KEY": public.replace("\n", "\\n"),
        "HEARTH_PROXIES": "1",
        "HEARTH_PROGRAMME": PROGRAMME,
    }
    return {
        "applications": {
            **common,
            "APPLICATIONS_DATABASE_URL": databases["applications"],
            "APPLICATIONS_SECRET_KEY": secrets.token_urlsafe(48),
            "APPLICATIONS_IDENTITY_PRIVATE_KEY": private.replace("\n", "\\n"),
            "APPLICATIONS_FIELD_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        },
        "cohorts": {
            **common,
            "COHORTS_DATABASE_URL": databases["cohorts"],
            "COHORTS_SECRET_KEY": secrets.token_urlsafe(48),
        },
        "notifications": {
            **common,
            "NOTIFICATIONS_DATABASE_URL": databases["notifications"],
            "NOTIFICATIONS_SECRET_KEY": secrets.token_urlsafe(48),
            "NOTIFICATIONS_MAILER": mailer(mail_url),
            "NOTIFICATIONS_MAIL_FROM": SENDER,
        },
    }
