"""What this service needs to know, from the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import urlsplit

from services.notifications.domain.addresses import Address, checked_address
from shared import config


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
    sender: Address
    programme: str = "Hearth"
    proxies: int = 0
    demo: bool = False
    insecure_mail_hosts: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the environment; raises ConfigError naming the variable that is missing or unsafe."""
        return cls(
            database_url=config.database_url(env, "NOTIFICATIONS_DATABASE_URL"),
            public_url=config.public_url(env),
            secret_key=config.secret(env, "NOTIFICATIONS_SECRET_KEY", "signing links"),
            identity_public_key=config.pem(env, "HEARTH_IDENTITY_PUBLIC_KEY", "an Ed25519 public key"),
            mailer=config.require(env, "NOTIFICATIONS_MAILER", "where mail goes, such as smtps://name:password@host"),
            sender=sender(config.require(env, "NOTIFICATIONS_MAIL_FROM", "Name <address> that mail comes from")),
            programme=env.get("HEARTH_PROGRAMME", "").strip() or "Hearth",
            proxies=config.number(env, "HEARTH_PROXIES", 0, least=0, most=5),
            insecure_mail_hosts=tuple(env.get("NOTIFICATIONS_INSECURE_MAIL_HOSTS", "").split()),
        )

    @property
    def mail_domain(self) -> str:
        """The right side of every Message-ID."""
        return self.sender.email.rpartition("@")[2]

    @property
    def folder(self) -> str | None:
        """The local outbox folder, if mail goes there."""
        return self.mailer.removeprefix("folder:") if urlsplit(self.mailer).scheme == "folder" else None


def sender(text: str) -> Address:
    """ "Name <address>" as an Address; raises ConfigError."""
    name, email = parseaddr(text)
    try:
        return Address(name, checked_address(email))
    except ValueError:
        raise config.ConfigError("NOTIFICATIONS_MAIL_FROM", "should be like Hearth <hearth@example.org>.") from None
