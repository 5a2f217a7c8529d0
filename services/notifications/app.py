"""Builds the whole service from its config: database, units of work, listeners, the sending loop, pages."""

from collections.abc import Mapping

from services.notifications.clock import DUE
from services.notifications.config import Config
from services.notifications.consumers import HANDLERS
from services.notifications.storage.mailbox import Mailbox, parse_imap
from services.notifications.storage.mailers import Mailer, open_mailer
from services.notifications.storage.mailers.signing import SigningMailer
from services.notifications.storage.opening import NAME, make_context, open_units
from services.notifications.storage.tables import metadata
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.keep_erased import guarded
from services.notifications.use_cases.keep_retention import KINDS
from services.notifications.use_cases.poll_mailbox import Poll
from services.notifications.use_cases.send_messages import Sender
from services.notifications.web.context import WebContext
from services.notifications.web.factory import build_web
from shared.config import ConfigError
from shared.errors import Invalid
from shared.metrics import Metrics
from shared.retention import daily
from shared.service import Loop, Service
from shared.timekeeping import Clock, system_clock
from shared.web.app import finish

HOUR = 3600.0
MIGRATIONS = "services.notifications.storage.migrations"


def build(config: Config, clock: Clock = system_clock) -> Service[NotificationsUnitOfWork]:
    """The service, ready to be run by any process. Raises ConfigError for a sender or a mailer that cannot be used."""
    units = open_units(config, clock)
    metrics = Metrics()
    sender = Sender(units, _mailer(config), make_context(config).sender.email)
    loops = [Loop("send", sender.step, close=sender.close)]
    if config.bounces.mailbox:
        loops.append(Loop("reports", Poll(units, _mailbox(config)).step, every=5.0))
    service = Service(
        name=NAME,
        units=units,
        metadata=metadata,
        migrations=MIGRATIONS,
        clock=clock,
        handlers=guarded(HANDLERS),
        due_handlers=DUE,
        web=build_web(WebContext(units, config, clock), metrics),
        loops=(*loops, Loop("retention", daily(units, KINDS), every=HOUR)),
        metrics=metrics,
    )
    return finish(service)


def build_from_env(env: Mapping[str, str]) -> Service[NotificationsUnitOfWork]:
    """The service as the environment configures it; raises ConfigError."""
    return build(Config.from_env(env))


def _mailbox(config: Config) -> Mailbox:
    try:
        return Mailbox(parse_imap(config.bounces.mailbox))
    except Invalid as error:
        raise ConfigError("NOTIFICATIONS_BOUNCE_MAILBOX", " ".join(error.problems["mailbox"])) from None


def _mailer(config: Config) -> Mailer:
    try:
        mailer = open_mailer(config.mailer, insecure_hosts=config.insecure_mail_hosts)
        return (
            SigningMailer(mailer, config.dkim.selector, config.dkim.domain, config.dkim.key) if config.dkim else mailer
        )
    except ValueError as error:
        raise ConfigError("NOTIFICATIONS_DKIM_KEY_FILE", f"holds no RSA key: {error}.") from None
    except Invalid as error:
        raise ConfigError("NOTIFICATIONS_MAILER", f"cannot be used. {' '.join(error.sentences)}") from None
