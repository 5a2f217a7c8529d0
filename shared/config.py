"""Configuration comes from environment variables alone; what is missing or unsafe stops the start-up, by name."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

Environment = Mapping[str, str]

# What people paste from examples. None of them may protect real applicants.
_UNSAFE_SECRETS = {"changeme", "change-me", "secret", "password", "hearth", "development", "dev", "test", "guest"}
SECRET_MINIMUM = 32
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]*:[0-9a-f:.]*")
_USUAL_PORTS = {"http": 80, "https": 443}
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class ConfigError(Exception):
    """A variable is missing or unsafe. The message begins with the variable's name."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable


def require(env: Environment, variable: str, what: str) -> str:
    """The variable's value; ConfigError saying `what` it should hold when it is absent or blank."""
    value = env.get(variable, "").strip()
    if not value:
        raise ConfigError(variable, f"is not set. It should hold {what}.")
    return value


def secret(env: Environment, variable: str, what: str) -> str:
    """A secret of at least 32 characters that is not a well-known placeholder."""
    value = require(env, variable, f"at least {SECRET_MINIMUM} random characters, for {what}")
    # A short text written again and again is as easy to guess as the short text: it lies in its own double.
    repeated = (value + value).find(value, 1) < len(value)
    if repeated or value.lower() in _UNSAFE_SECRETS or len(value) < SECRET_MINIMUM or len(set(value)) < 8:
        raise ConfigError(
            variable, f"is too easy to guess: use at least {SECRET_MINIMUM} random characters for {what}."
        )
    return value


def pem(env: Environment, variable: str, what: str) -> str:
    """A key in PEM form; line ends may be written as \\n, as environment files need them."""
    value = require(env, variable, what).replace("\\n", "\n")
    if "-----BEGIN" not in value:
        raise ConfigError(variable, f"should hold {what}, from its BEGIN line to its END line.")
    return value


def number(env: Environment, variable: str, default: int, *, least: int, most: int) -> int:
    """A whole number between `least` and `most`; `default` when the variable is absent."""
    text = env.get(variable, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise ConfigError(variable, f"should be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def public_url(env: Environment, variable: str = "HEARTH_PUBLIC_URL") -> str:
    """The site's origin, written as browsers write it. Plain http is allowed on a loopback host only."""
    value = require(env, variable, "the site's address, such as https://apply.example.org").rstrip("/")
    parts = _address(variable, value)
    host = parts.hostname or ""
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or more:
        raise ConfigError(variable, "should be an origin such as https://apply.example.org, and nothing more.")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigError(variable, "must begin with https:// (plain http is for this machine only).")
    port = "" if parts.port in (None, _USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://[{host}]{port}" if ":" in host else f"{parts.scheme}://{host}{port}"


def database_url(env: Environment, variable: str) -> str:
    """A SQLAlchemy URL of PostgreSQL or SQLite; a PostgreSQL password that is a placeholder is refused."""
    value = require(env, variable, "a database address, such as postgresql://name:password@host/database")
    if value.startswith("sqlite:"):
        if value.partition("?")[0].removeprefix("sqlite:").strip("/") in {"", ":memory:"}:
            raise ConfigError(variable, "names no file: everything would be lost when the process ends.")
        return value
    parts = _address(variable, value)
    if parts.scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ConfigError(variable, f"should begin with postgresql:// or sqlite:, not {parts.scheme!r}.")
    _refuse_placeholder(variable, parts)
    return "postgresql+psycopg" + value[value.index(":") :]


def broker_url(env: Environment, variable: str = "HEARTH_BROKER_URL") -> str:
    """One AMQP address, or several separated by `;`. A placeholder as password is for a broker on this machine only."""
    value = require(env, variable, "the broker's address, such as amqp://name:password@host/")
    for each in filter(None, (part.strip() for part in value.split(";"))):
        parts = _address(variable, each)
        if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
            raise ConfigError(variable, "should be like amqp://name:password@host:5672/vhost, several parted by `;`.")
        if not is_loopback(parts.hostname):
            _refuse_placeholder(variable, parts)
    return value


def _address(variable: str, value: str) -> SplitResult:
    """The parts of an address, which may hold a password and is therefore never repeated."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # read here, where somebody can still say which variable it was
    except ValueError:
        raise ConfigError(variable, "is not an address: look at its host and its port.") from None
    return parts


def _refuse_placeholder(variable: str, parts: SplitResult) -> None:
    if unquote(parts.password or "").lower() in _UNSAFE_SECRETS:
        raise ConfigError(variable, "uses a well-known placeholder as its password.")


def public_key(env: Environment, variable: str = "HEARTH_IDENTITY_PUBLIC_KEY") -> str:
    """The Ed25519 key that verifies identities, in PEM form. A private key here would give every service the pen."""
    value = pem(env, variable, "an Ed25519 public key")
    try:
        key: object = load_pem_public_key(value.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigError(variable, "is not an Ed25519 public key in PEM form.")
    return value


def log_level(env: Environment, variable: str = "HEARTH_LOG_LEVEL") -> str:
    """The name of a level; INFO when the variable is absent."""
    value = env.get(variable, "").strip().upper() or "INFO"
    if value not in _LEVELS:
        raise ConfigError(variable, f"should be one of {', '.join(_LEVELS)}, not {value!r}.")
    return value
