"""Builds the whole service from its config: database, units of work, listeners, the sending loop, pages."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.clock import DUE
from services.notifications.config import Config
from services.notifications.consumers import HANDLERS
from services.notifications.domain.addresses import Address, checked_address, domain_of
from services.notifications.storage.mailers import Mailer, open_mailer
from services.notifications.storage.tables import metadata
from services.notifications.storage.unit_of_work import Context, NotificationsUnitOfWork
from services.notifications.use_cases.send_messages import Sender
from services.notifications.web.context import WebContext
from services.notifications.web.factory import build_web
from shared.config import ConfigError
from shared.contracts.envelope import Envelope
from shared.database import open_engine
from shared.errors import Invalid
from shared.metrics import Metrics
from shared.service import Loop, Service
from shared.timekeeping import Clock, system_clock
from shared.unit_of_work import Units
from shared.web.app import finish

NAME = "notifications"
MIGRATIONS = "services.notifications.storage.migrations"


def build(config: Config, clock: Clock = system_clock) -> Service[NotificationsUnitOfWork]:
    """The service, ready to be run by any process. Raises ConfigError for a sender or a mailer that cannot be used."""
    context = _context(config)

    def unit(session: Session, now: datetime, source: str, cause: Envelope | None) -> NotificationsUnitOfWork:
        return NotificationsUnitOfWork(session, now, source, cause, context)

    units = Units(open_engine(config.database_url), clock, unit, NAME)
    metrics = Metrics()
    sender = Sender(units, _mailer(config), context.sender.email)
    service = Service(
        name=NAME,
        units=units,
        metadata=metadata,
        migrations=MIGRATIONS,
        clock=clock,
        handlers=HANDLERS,
        due_handlers=DUE,
        web=build_web(WebContext(units, config, clock), metrics),
        loops=(Loop("send", sender.step),),
        metrics=metrics,
    )
    return finish(service)


def build_from_env(env: Mapping[str, str]) -> Service[NotificationsUnitOfWork]:
    """The service as the environment configures it; raises ConfigError."""
    return build(Config.from_env(env))


def _context(config: Config) -> Context:
    try:
        email = checked_address(config.sender.email)
    except ValueError as error:
        raise ConfigError("NOTIFICATIONS_MAIL_FROM", f"is no address that mail can come from. {error}") from None
    return Context(config.public_url, config.programme, Address(config.sender.name, email), domain_of(email))


def _mailer(config: Config) -> Mailer:
    try:
        return open_mailer(config.mailer, insecure_hosts=config.insecure_mail_hosts)
    except Invalid as error:
        sentences = " ".join(" ".join(texts) for texts in error.problems.values())
        raise ConfigError("NOTIFICATIONS_MAILER", f"cannot be used. {sentences}") from None
