"""Start-up stops at a missing or unsafe variable, naming it."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.applications.config import Config
from shared.config import ConfigError
from tests.applications.parts import key_pair

_PRIVATE, _PUBLIC = key_pair()
# The same in every process: values stand in the tests' names, which all workers must agree on.
KEY = base64.b64encode(hashlib.sha256(b"one").digest()).decode()
GOOD = {
    "APPLICATIONS_DATABASE_URL": "postgresql://apps:a-long-password@db/apps",
    "HEARTH_PUBLIC_URL": "https://apply.example.org",
    "APPLICATIONS_SECRET_KEY": "k3Zq9-Vw7Lr2_Xt5Np8sYd4Fh6Jm1Bc0Ga",
    "APPLICATIONS_IDENTITY_PRIVATE_KEY": _PRIVATE.replace("\n", "\\n"),
    "HEARTH_IDENTITY_PUBLIC_KEY": _PUBLIC,
    "APPLICATIONS_FIELD_KEYS": f"k2:{KEY},k1:{base64.b64encode(hashlib.sha256(b'two').digest()).decode()}",
}
_RSA = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_whole_environment_is_read() -> None:
    config = Config.from_env(GOOD)
    assert list(config.field_keys) == ["k2", "k1"] and config.demo is False
    assert config.database_url.startswith("postgresql+psycopg://")
    for secret in (GOOD["APPLICATIONS_SECRET_KEY"], KEY, "PRIVATE"):
        assert secret not in repr(config)


@pytest.mark.parametrize("variable", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(variable: str, value: str | None) -> None:
    env = {name: text for name, text in GOOD.items() if name != variable} | ({} if value is None else {variable: value})
    with pytest.raises(ConfigError, match=f"^{variable}: "):
        Config.from_env(env)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("APPLICATIONS_DATABASE_URL", "mysql://a:b@c/d"),
        ("APPLICATIONS_DATABASE_URL", "postgresql://apps:changeme@db/apps"),
        ("HEARTH_PUBLIC_URL", "http://apply.example.org"),
        ("HEARTH_PUBLIC_URL", "https://apply.example.org/path"),
        ("APPLICATIONS_SECRET_KEY", "changeme"),
        ("APPLICATIONS_SECRET_KEY", "a" * 64),
        ("APPLICATIONS_IDENTITY_PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----"),
        ("APPLICATIONS_IDENTITY_PRIVATE_KEY", _RSA),
        ("HEARTH_IDENTITY_PUBLIC_KEY", key_pair()[1]),
        ("HEARTH_IDENTITY_PUBLIC_KEY", _PRIVATE),
        ("APPLICATIONS_FIELD_KEYS", KEY),
        ("APPLICATIONS_FIELD_KEYS", "k1:short"),
        ("APPLICATIONS_FIELD_KEYS", "k1:é"),
        ("APPLICATIONS_FIELD_KEYS", f"k1:{KEY},k1:{KEY}"),
        ("APPLICATIONS_FIELD_KEYS", "k1:" + base64.b64encode(bytes(32)).decode()),
        ("HEARTH_PROXIES", "many"),
    ],
)
def test_an_unsafe_variable_is_named_and_its_value_is_not(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{variable}: ") as caught:
        Config.from_env({**GOOD, variable: value})
    if "KEY" in variable:
        assert value not in str(caught.value)
