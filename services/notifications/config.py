"""What this service needs to know, from the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path

from shared import config


@dataclass(frozen=True)
class Mailbox:
    """Whom mail comes from, as it was written; `app.build` checks it."""

    name: str
    email: str


@dataclass(frozen=True)
class Dkim:
    """Whose name to sign outgoing mail with, where no relay does. `key` is a private key as PEM."""

    selector: str
    domain: str
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Bounces:
    """How reports come back: the mailbox they are addressed to, the IMAP mailbox they are read from, and the secret
    with which a mail server signs those that it posts here. Each may be empty: then that way is closed."""

    address: str = ""
    mailbox: str = field(default="", repr=False)
    hook_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Config:
    """Settings of the notifications service. `mailer` is an smtp address or `folder:/path`.

    `insecure_mail_hosts` are those to which mail may go without TLS: a mail catcher on a private network.
    """

    database_url: str
    public_url: str
    secret_key: str = field(repr=False)
    identity_public_key: str
    mailer: str = field(repr=False)
    sender: Mailbox
    programme: str = "Hearth"
    proxies: int = 0
    demo: bool = False
    insecure_mail_hosts: tuple[str, ...] = ()
    bounces: Bounces = Bounces()
    dkim: Dkim | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    dry_run: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the environment; raises ConfigError naming the variable that is missing or unsafe."""
        return cls(
            database_url=config.database_url(env, "NOTIFICATIONS_DATABASE_URL"),
            public_url=config.public_url(env),
            secret_key=config.secret(env, "NOTIFICATIONS_SECRET_KEY", "signing links"),
            identity_public_key=config.public_key(env),
            mailer=config.require(env, "NOTIFICATIONS_MAILER", "where mail goes, such as smtps://name:password@host"),
            sender=sender(config.require(env, "NOTIFICATIONS_MAIL_FROM", "Name <address> that mail comes from")),
            programme=env.get("HEARTH_PROGRAMME", "").strip() or "Hearth",
            proxies=config.number(env, "HEARTH_PROXIES", 0, least=0, most=5),
            insecure_mail_hosts=tuple(env.get("NOTIFICATIONS_INSECURE_MAIL_HOSTS", "").split()),
            bounces=_bounces(env),
            dkim=_dkim(env),
            limits=_limits(env),
            dry_run=_switch(env, "NOTIFICATIONS_DRY_RUN"),
        )

    @property
    def folder(self) -> str | None:
        """The local outbox folder, if mail goes there."""
        path = self.mailer.removeprefix("folder:").removeprefix("//")
        return path if self.mailer.startswith("folder:") else None


def sender(text: str) -> Mailbox:
    """ "Name <address>" in its parts; raises ConfigError."""
    name, email = parseaddr(text)
    if "@" not in email:
        raise config.ConfigError("NOTIFICATIONS_MAIL_FROM", "should be like Hearth <hearth@example.org>.")
    return Mailbox(name, email)


def _bounces(env: Mapping[str, str]) -> Bounces:
    address = env.get("NOTIFICATIONS_BOUNCE_ADDRESS", "").strip()
    if address and ("@" not in address or len(address.partition("@")[0]) > LONGEST_NAME):
        raise config.ConfigError(
            "NOTIFICATIONS_BOUNCE_ADDRESS", f"should be like bounces@example.org, {LONGEST_NAME} letters before the @."
        )
    secret = (
        config.secret(env, "NOTIFICATIONS_BOUNCE_SECRET", "signed reports")
        if env.get("NOTIFICATIONS_BOUNCE_SECRET")
        else ""
    )
    return Bounces(address, env.get("NOTIFICATIONS_BOUNCE_MAILBOX", "").strip(), secret)


LONGEST_NAME = 21
"""Of a bounce mailbox: with a message's number and seal after it, it stays within the 64 characters of RFC 5321."""


def _dkim(env: Mapping[str, str]) -> Dkim | None:
    path = env.get("NOTIFICATIONS_DKIM_KEY_FILE", "").strip()
    if not path:
        return None
    try:
        key = Path(path).read_bytes()
    except OSError as error:
        raise config.ConfigError("NOTIFICATIONS_DKIM_KEY_FILE", f"cannot be read ({error.strerror}).") from None
    return Dkim(
        config.require(env, "NOTIFICATIONS_DKIM_SELECTOR", "the name under which the public key is in the DNS"),
        config.require(env, "NOTIFICATIONS_DKIM_DOMAIN", "the domain that signs"),
        key,
    )


def _limits(env: Mapping[str, str]) -> dict[str, int]:
    """ "gmail.com=60 *=300": messages a minute."""
    found = {}
    for pair in env.get("NOTIFICATIONS_DOMAIN_LIMITS", "").split():
        domain, _, number = pair.rpartition("=")
        if not domain or not number.isascii() or not number.isdigit() or int(number) < 1:
            raise config.ConfigError("NOTIFICATIONS_DOMAIN_LIMITS", "should be like gmail.com=60 *=300 (a minute).")
        found[domain.lower()] = int(number)
    return found


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "off").strip().lower() or "off"
    if text not in ("on", "off"):
        raise config.ConfigError(name, "is on or off.")
    return text == "on"
