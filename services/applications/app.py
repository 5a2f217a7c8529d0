"""Builds the whole service from its config: database, units of work, listeners, clock, pages."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from services.applications.clock import DUE
from services.applications.config import Config
from services.applications.consumers import HANDLERS
from services.applications.storage.places import place_for_files
from services.applications.storage.scanning import scanner
from services.applications.storage.sealing import Sealer
from services.applications.storage.tables import metadata
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork, Context
from services.applications.use_cases.keep_erased import guarded
from services.applications.use_cases.keep_retention import KINDS
from services.applications.use_cases.rotate_keys import require_keys
from services.applications.web.context import WebContext
from services.applications.web.factory import build_web
from shared.contracts.envelope import Envelope
from shared.database import open_engine
from shared.metrics import Metrics
from shared.retention import daily
from shared.service import Loop, Service
from shared.timekeeping import Clock, system_clock
from shared.unit_of_work import Units
from shared.web.app import finish

NAME = "applications"
HOUR = 3600.0
MIGRATIONS = "services.applications.storage.migrations"


def build(config: Config, clock: Clock = system_clock) -> Service[ApplicationsUnitOfWork]:
    """The service, ready to be run by any process."""
    context = Context(
        config.public_url,
        config.secret_key,
        Sealer(config.field_keys),
        place_for_files(config.files_folder, config.files_bucket),
        scanner(config.scanner),
    )

    def unit(session: Session, now: datetime, source: str, cause: Envelope | None) -> ApplicationsUnitOfWork:
        return ApplicationsUnitOfWork(session, now, source, cause, context)

    units = Units(open_engine(config.database_url), clock, unit, NAME)
    metrics = Metrics()
    service = Service(
        name=NAME,
        units=units,
        metadata=metadata,
        migrations=MIGRATIONS,
        clock=clock,
        handlers=guarded(HANDLERS),
        due_handlers=DUE,
        web=build_web(WebContext(units, config, clock), metrics),
        loops=(Loop("retention", daily(units, KINDS), every=HOUR),),
        metrics=metrics,
        check=lambda: require_keys(units, context.sealer),
    )
    return finish(service)


def build_from_env(env: Mapping[str, str]) -> Service[ApplicationsUnitOfWork]:
    """The service as the environment configures it; raises ConfigError."""
    return build(Config.from_env(env))
