"""Builds the whole service from its config: database, units of work, listeners, clock, pages."""

from collections.abc import Mapping

from services.cohorts.clock import DUE
from services.cohorts.config import Config
from services.cohorts.consumers import HANDLERS
from services.cohorts.domain.links import Links
from services.cohorts.storage.tables import metadata
from services.cohorts.storage.unit_of_work import CohortsUnit, factory
from services.cohorts.use_cases.draft_assignment import Drafter
from services.cohorts.use_cases.keep_erased import guarded
from services.cohorts.use_cases.keep_retention import KINDS
from services.cohorts.web.context import WebContext
from services.cohorts.web.factory import build_web
from shared.database import open_engine
from shared.metrics import Metrics
from shared.retention import daily
from shared.service import Loop, Service
from shared.timekeeping import Clock, system_clock
from shared.unit_of_work import Units
from shared.web.app import finish

NAME = "cohorts"
HOUR = 3600.0
MIGRATIONS = "services.cohorts.storage.migrations"


def build(config: Config, clock: Clock = system_clock) -> Service[CohortsUnit]:
    """The service, ready to be run by any process."""
    links = Links(config.public_url, config.secret_key)
    units = Units(open_engine(config.database_url), clock, factory(links), NAME)
    metrics = Metrics()
    service = Service(
        name=NAME,
        units=units,
        metadata=metadata,
        migrations=MIGRATIONS,
        clock=clock,
        handlers=guarded(HANDLERS),
        due_handlers=DUE,
        loops=(Loop("assignment", Drafter(units).step), Loop("retention", daily(units, KINDS), every=HOUR)),
        web=build_web(WebContext(units, config, clock), metrics),
        metrics=metrics,
    )
    return finish(service)


def build_from_env(env: Mapping[str, str]) -> Service[CohortsUnit]:
    """The service as the environment configures it; raises ConfigError."""
    return build(Config.from_env(env))
