"""What this service needs to know, from the environment alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared import config


@dataclass(frozen=True)
class Config:
    """Settings of the cohorts service. `secret_key` signs the links of offers and the cookies of its pages."""

    database_url: str
    public_url: str
    secret_key: str = field(repr=False)
    identity_public_key: str
    broker_url: str | None = field(default=None, repr=False)
    proxies: int = 0
    demo: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Config":
        """Read the environment; raises ConfigError naming the variable that is missing or unsafe."""
        return cls(
            database_url=config.database_url(env, "COHORTS_DATABASE_URL"),
            public_url=config.public_url(env),
            secret_key=config.secret(env, "COHORTS_SECRET_KEY", "signing links and cookies"),
            identity_public_key=config.public_key(env),
            broker_url=config.broker_url(env) if env.get("HEARTH_BROKER_URL", "").strip() else None,
            proxies=config.number(env, "HEARTH_PROXIES", 0, least=0, most=5),
        )
