"""A service that is set up wrongly does not start, and says which variable to mend."""

from pathlib import Path

import pytest

from services.notifications.app import build, build_from_env
from services.notifications.config import Config, Mailbox
from shared.config import ConfigError
from tests.notifications.postbox import Postbox, make_config

GOOD = {
    "NOTIFICATIONS_DATABASE_URL": "sqlite:////nowhere/notifications.sqlite3",  # nothing is opened yet
    "HEARTH_PUBLIC_URL": "https://apply.example.org",
    "NOTIFICATIONS_SECRET_KEY": "0123456789-abcdefghij-klmnopqrst-uvwxyz",
    "NOTIFICATIONS_MAILER": "smtps://user:password@mail.example.org",
    "NOTIFICATIONS_MAIL_FROM": "Ember Leaders <hearth@faß.de>",
}


@pytest.fixture
def good(key_pair: tuple[str, str]) -> dict[str, str]:
    return {**GOOD, "HEARTH_IDENTITY_PUBLIC_KEY": key_pair[1]}


def test_a_good_environment_builds_the_service(good: dict[str, str]) -> None:
    service = build_from_env(good)
    assert [loop.name for loop in service.loops] == ["send", "retention"]


@pytest.mark.parametrize("variable", [*GOOD, "HEARTH_IDENTITY_PUBLIC_KEY"])
@pytest.mark.parametrize("value", [None, " "])
def test_a_missing_variable_is_named(good: dict[str, str], variable: str, value: str | None) -> None:
    env = {name: text for name, text in {**good, variable: value}.items() if text is not None}
    with pytest.raises(ConfigError) as caught:
        build_from_env(env)
    assert caught.value.variable == variable


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NOTIFICATIONS_DATABASE_URL", "mysql://x"),
        ("NOTIFICATIONS_DATABASE_URL", "postgresql://hearth:changeme@db/x"),
        ("HEARTH_PUBLIC_URL", "http://apply.example.org"),
        ("NOTIFICATIONS_SECRET_KEY", "changeme"),
        ("NOTIFICATIONS_MAILER", "smtp://mail.example.org"),
        ("NOTIFICATIONS_MAILER", "smtp+insecure://mail.example.org:25"),
        ("NOTIFICATIONS_MAILER", "folder:"),
        ("NOTIFICATIONS_MAIL_FROM", "Ember Leaders"),
        ("NOTIFICATIONS_MAIL_FROM", "Ember Leaders <hearth@>"),
        ("NOTIFICATIONS_MAIL_FROM", "Ember Leaders <hé@example.org>"),
        ("HEARTH_PROXIES", "many"),
    ],
)
def test_an_unsafe_value_is_refused_by_name_and_not_repeated(good: dict[str, str], variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build_from_env({**good, variable: value})
    assert caught.value.variable == variable
    assert "password@" not in str(caught.value)


def test_a_host_may_be_named_that_does_without_tls(good: dict[str, str]) -> None:
    env = {**good, "NOTIFICATIONS_MAILER": "smtp+insecure://mail:1025", "NOTIFICATIONS_INSECURE_MAIL_HOSTS": "mail"}
    assert build_from_env(env).name == "notifications"


def test_secrets_do_not_show_in_the_config(good: dict[str, str]) -> None:
    shown = repr(Config.from_env(good))
    assert "password" not in shown and good["NOTIFICATIONS_SECRET_KEY"] not in shown


def test_the_outbox_folder_is_the_mailers(good: dict[str, str]) -> None:
    for address in ("folder:/var/mail", "folder:///var/mail"):
        assert Config.from_env({**good, "NOTIFICATIONS_MAILER": address}).folder == "/var/mail"
    assert Config.from_env(good).folder is None


def test_the_senders_domain_is_written_as_dns_knows_it(
    one_postbox: Postbox, key_pair: tuple[str, str], tmp_path: Path
) -> None:
    sender = Mailbox("Ember", "hearth@faß.de")
    config = make_config(one_postbox.config.database_url, key_pair[1], tmp_path, sender=sender)
    service = build(config)
    with service.units.begin(write=False) as uow:
        assert (uow.context.sender.email, uow.context.mail_domain) == ("hearth@xn--fa-hia.de", "xn--fa-hia.de")
    service.units.engine.dispose()
