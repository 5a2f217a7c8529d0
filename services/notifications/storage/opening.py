"""The service's units of work, made from its config alone: for the processes and for commands."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.config import Config
from services.notifications.domain.addresses import Address, checked_address, domain_of
from services.notifications.storage.unit_of_work import Context, NotificationsUnitOfWork
from shared.config import ConfigError
from shared.contracts.envelope import Envelope
from shared.database import open_engine
from shared.timekeeping import Clock
from shared.unit_of_work import Units

NAME = "notifications"


def open_units(config: Config, clock: Clock) -> Units[NotificationsUnitOfWork]:
    """Units of work on the config's database. Raises ConfigError for a sender that mail cannot come from."""
    context = make_context(config)

    def unit(session: Session, now: datetime, source: str, cause: Envelope | None) -> NotificationsUnitOfWork:
        return NotificationsUnitOfWork(session, now, source, cause, context)

    return Units(open_engine(config.database_url), clock, unit, NAME)


def make_context(config: Config) -> Context:
    """What use cases need of the config. Raises ConfigError."""
    try:
        email = checked_address(config.sender.email)
    except ValueError as error:
        raise ConfigError("NOTIFICATIONS_MAIL_FROM", f"is no address that mail can come from. {error}") from None
    return Context(
        public_url=config.public_url,
        programme=config.programme,
        sender=Address(config.sender.name, email),
        mail_domain=domain_of(email),
        secret=config.secret_key,
        bounce_address=config.bounces.address,
        limits=config.limits,
        dry_run=config.dry_run,
    )
