"""`hearth new-env`: the environment file for docker-compose.yml, with fresh secrets."""

import base64
import secrets
from collections.abc import Callable

import click

from services.developer import ROOT

_EXAMPLE = ROOT / ".env.example"


@click.command("new-env")
def new_env() -> None:
    """Print .env.example with fresh secrets in it: `./hearth new-env > .env`."""
    click.echo(filled(_EXAMPLE.read_text()), nl=False)


def filled(example: str) -> str:
    """`example` with a fresh secret, in quotes for shells and Compose, after each `NAME=` that stands empty."""
    private, public = _identity_keys()
    special: dict[str, Callable[[], str]] = {
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": lambda: private,
        "HEARTH_IDENTITY_PUBLIC_KEY": lambda: public,
        "APPLICATIONS_FIELD_KEYS": lambda: "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    lines = []
    for line in example.splitlines():
        name, separator, value = line.partition("=")
        empty = separator and not value and not line.startswith("#")
        lines.append(f"{name}='{special.get(name, _password)()}'" if empty else line)
    return "\n".join(lines) + "\n"


def _password() -> str:
    """Safe in an address as it is."""
    return secrets.token_hex(24)


def _identity_keys() -> tuple[str, str]:
    """A new Ed25519 key pair in PEM form, each on one line."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    texts = (
        private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()),
        private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo),
    )
    return texts[0].decode().replace("\n", "\\n"), texts[1].decode().replace("\n", "\\n")
