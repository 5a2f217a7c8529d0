"""Configuration: what is missing or unsafe stops the start, naming the variable and never the secret in it."""

from collections.abc import Callable
from typing import Any

import pytest

from shared import config
from tests.shared.web.site import PRIVATE, PUBLIC


def refusal(read: Callable[..., Any], value: str | None, *arguments: Any, **options: Any) -> str:
    env = {} if value is None else {"THE_VARIABLE": value}
    with pytest.raises(config.ConfigError) as error:
        read(env, "THE_VARIABLE", *arguments, **options)
    assert error.value.variable == "THE_VARIABLE" and str(error.value).startswith("THE_VARIABLE: ")
    return str(error.value)


@pytest.mark.parametrize("value", [None, "", "   ", "\n"])
def test_what_is_absent_or_blank_is_named_with_what_it_should_hold(value: str | None) -> None:
    assert "a name" in refusal(config.require, value, "a name")
    assert config.require({"X": " y "}, "X", "a name") == "y"


@pytest.mark.parametrize(
    "value",
    ["changeme", "x" * 31, "a" * 64, "secret" * 10, "change-me-" * 5, "0123456789abcdef" * 4, "abcdefghij" * 4],
)
def test_easy_secrets_are_refused_and_not_repeated(value: str) -> None:
    assert value not in refusal(config.secret, value, "cookies")


def test_random_secrets_are_taken() -> None:
    value = "kJ8_2bq-Z0xYw7vN4mTfR1sLh6GcPdAe"
    assert config.secret({"X": value}, "X", "cookies") == value


def test_a_key_may_stand_on_one_line() -> None:
    assert config.pem({"X": PUBLIC.replace("\n", "\\n")}, "X", "a key").strip() == PUBLIC.strip()
    refusal(config.pem, "just words", "a key")


def test_only_the_public_half_verifies() -> None:
    assert config.public_key({"X": PUBLIC}, "X").strip() == PUBLIC.strip()
    for wrong in (PRIVATE, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", None):
        text = refusal(config.public_key, wrong)
        assert "PRIVATE KEY-----" not in text


@pytest.mark.parametrize("value", ["x", "-1", "11", "1.5", "--5", "²", "٣", "1e1", "0x5", "5 5", "9" * 5000])
def test_numbers_out_of_range_or_no_numbers(value: str) -> None:
    assert "from 0 to 10" in refusal(config.number, value, 3, least=0, most=10)


def test_numbers_and_their_default() -> None:
    for value, expected in (("", 3), ("0", 0), (" 10 ", 10), ("-0", 0)):
        assert config.number({"X": value}, "X", 3, least=0, most=10) == expected
    assert config.number({"X": "-4"}, "X", 3, least=-5, most=0) == -4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://apply.example.org", "https://apply.example.org"),
        ("https://apply.example.org/", "https://apply.example.org"),
        ("HTTPS://Apply.Example.org", "https://apply.example.org"),
        ("https://apply.example.org:8443", "https://apply.example.org:8443"),
        ("https://apply.example.org:443", "https://apply.example.org"),
        ("http://localhost:80", "http://localhost"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_sites_address_is_an_origin_as_browsers_write_it(value: str, expected: str) -> None:
    assert config.public_url({"X": value}, "X") == expected


@pytest.mark.parametrize(
    "value",
    [
        "apply.example.org",
        "ftp://apply.example.org",
        "http://apply.example.org",
        "http://127.0.0.1.evil.example",
        "https://",
        "https://apply.example.org/path",
        "https://apply.example.org?x",
        "https://apply.example.org#x",
        "https://noor:secret-word@apply.example.org",
        "https://apply.example.org:port",
        "https://[::1",
        "https://apply example.org",
        "https://apply.example.org\\@evil.example",
        "javascript:alert(1)",
    ],
)
def test_anything_else_is_no_origin(value: str) -> None:
    assert "secret-word" not in refusal(config.public_url, value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("postgresql://a:bcd@h/d", "postgresql+psycopg://a:bcd@h/d"),
        ("postgres://a@h/d", "postgresql+psycopg://a@h/d"),
        ("postgresql+psycopg://h/d?host=/run", "postgresql+psycopg://h/d?host=/run"),
        ("sqlite:////srv/hearth.db", "sqlite:////srv/hearth.db"),
    ],
)
def test_databases(value: str, expected: str) -> None:
    assert config.database_url({"X": value}, "X") == expected


@pytest.mark.parametrize(
    "value",
    [
        "mysql://a:bcd@h/d",
        "postgresql://a:password@h/d",
        "postgresql://a:%70assword@h/d",
        "postgresql://a:CHANGEME@h/d",
        "postgresql://a:verysecret1@h:port/d",
        "postgresql://a:verysecret1@[h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "nonsense",
    ],
)
def test_databases_that_are_unsafe_or_none(value: str) -> None:
    assert "verysecret1" not in refusal(config.database_url, value)


def test_brokers() -> None:
    several = "amqp://a:bcd@one/;amqps://a:bcd@two/"
    assert config.broker_url({"X": several}, "X") == several
    assert config.broker_url({"X": "amqp://guest:guest@localhost/"}, "X")
    for wrong in ("amqp://guest:guest@broker/", "http://broker/", "amqp://", "amqp://a:bcd@one/;amqp://a:guest@two/"):
        refusal(config.broker_url, wrong)


def test_levels_of_the_log() -> None:
    assert config.log_level({}) == "INFO" and config.log_level({"HEARTH_LOG_LEVEL": "debug"}) == "DEBUG"
    assert "loud" in refusal(config.log_level, "loud").lower()


def test_this_machine() -> None:
    assert all(map(config.is_loopback, ["localhost", "127.0.0.1", "127.9.9.9", "::1"]))
    assert not any(map(config.is_loopback, ["", "0.0.0.0", "10.0.0.1", "localhost.evil.example", "::"]))
