"""What this service needs to know, from the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

from shared import config


@dataclass(frozen=True)
class Mailbox:
    """Whom mail comes from, as it was written; `app.build` checks it."""

    name: str
    email: str


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
