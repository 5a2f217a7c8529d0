"""Start-up stops at a missing or unsafe variable, naming it."""

import base64
import hashlib
from pathlib import Path

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


def test_a_bucket_for_files_is_read_with_its_usual_settings() -> None:
    env = {
        "APPLICATIONS_FILES_BUCKET": "s3://files.example/one/two/",
        "AWS_ENDPOINT_URL": "https://storage.example.org",
    }
    found = Config.from_env({**GOOD, **env, "AWS_SECRET_ACCESS_KEY": "of-the-bucket", "AWS_PROFILE": "other"})
    bucket = found.files_bucket
    assert bucket is not None and (bucket.name, bucket.prefix) == ("files.example", "one/two")
    settings = {"aws_endpoint": "https://storage.example.org", "aws_secret_access_key": "of-the-bucket"}
    assert bucket.settings == settings and "of-the-bucket" not in repr(found)
    on_our_network = {"AWS_ENDPOINT_URL": "http://storage:9000", "AWS_ALLOW_HTTP": "true"}
    assert Config.from_env({**GOOD, **env, **on_our_network}).files_bucket is not None


@pytest.mark.parametrize(
    ("named", "changes"),
    [
        ("APPLICATIONS_FILES_BUCKET", {"APPLICATIONS_FILES_BUCKET": "files"}),
        ("APPLICATIONS_FILES_BUCKET", {"APPLICATIONS_FILES_BUCKET": "s3://files/../other"}),
        ("APPLICATIONS_FILES_BUCKET", {"APPLICATIONS_FILES_BUCKET": "s3://Files"}),
        ("AWS_ENDPOINT", {"APPLICATIONS_FILES_BUCKET": "s3://files", "AWS_ENDPOINT": "http://storage.example.org"}),
    ],
)
def test_an_unsafe_bucket_is_refused(named: str, changes: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=f"^{named}: "):
        Config.from_env({**GOOD, **changes})


def test_files_have_one_place(tmp_path: Path) -> None:
    both = {"APPLICATIONS_FILES_BUCKET": "s3://files", "APPLICATIONS_FILES_FOLDER": str(tmp_path)}
    with pytest.raises(ConfigError, match="one of them"):
        Config.from_env({**GOOD, **both})


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
