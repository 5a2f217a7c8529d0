"""Is a process ready for its work? Each probe says what is wrong in a few words that give nothing away."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, text

from shared import migrations
from shared.messaging.backlog import read_backlog
from shared.messaging.relay import Unreachable
from shared.service import Service
from shared.timekeeping import Clock

OLDEST = 300.0
"""Seconds that an event may stay in the outbox before somebody should look."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One thing looked at; `essential` if the process cannot do its work without it."""

    name: str
    problem: str | None
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Readiness:
    """All of them together."""

    probes: tuple[ProbeResult, ...]

    @property
    def ready(self) -> bool:
        """Whether everything essential is well."""
        return not any(probe.problem and probe.essential for probe in self.probes)

    @property
    def status(self) -> str:
        """ready, degraded (something that an operator should look at) or unready."""
        if not self.ready:
            return "unready"
        return "degraded" if any(probe.problem for probe in self.probes) else "ready"

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return {"status": self.status, "checks": {probe.name: probe.problem or "ok" for probe in self.probes}}


def of_web(engine: Engine, migration_package: str, clock: Clock) -> Readiness:
    """A web process needs its database. Events that wait are a worker's trouble and no reason to turn visitors away."""
    database = _database(engine)
    if database.problem:
        return Readiness((database,))
    return Readiness((database, _migrations(engine, migration_package), *_waiting(engine, clock(), essential=False)))


def of_worker(service: Service[Any], broker_url: str | None) -> Readiness:
    """A worker needs its database and its broker, and should get rid of its events."""
    probes = of_web(service.units.engine, service.migrations, service.clock).probes
    essential = tuple(ProbeResult(p.name, p.problem, p.essential or p.name == "outbox") for p in probes)
    return Readiness((*essential, _broker(broker_url)) if broker_url else essential)


def checks(readiness: Callable[[], Readiness]) -> Callable[[], dict[str, str | None]]:
    """For pages that know only good and bad: what is not essential counts as good there."""
    return lambda: {probe.name: probe.problem if probe.essential else None for probe in readiness().probes}


def _database(engine: Engine) -> ProbeResult:
    began = time.monotonic()
    try:
        with engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        return ProbeResult("database", f"does not answer: {type(error).__name__}")
    slow = time.monotonic() - began
    return ProbeResult("database", f"slow: {slow:.1f} s" if slow > 2 else None, essential=False)


def _migrations(engine: Engine, package: str) -> ProbeResult:
    try:
        current = migrations.is_current(engine, package)
    except Exception as error:
        return ProbeResult("migrations", f"cannot be read: {type(error).__name__}")
    return ProbeResult("migrations", None if current else "the database is not up to date: run migrate")


def _waiting(engine: Engine, now: datetime, *, essential: bool) -> tuple[ProbeResult, ...]:
    try:
        backlog = read_backlog(engine, now)
    except Exception as error:
        return (ProbeResult("outbox", f"cannot be read: {type(error).__name__}", essential),)
    old = f"the oldest event has waited {backlog.oldest_seconds:.0f} s" if backlog.oldest_seconds > OLDEST else None
    return (
        ProbeResult("outbox", old, essential),
        ProbeResult("unroutable", _some(backlog.unroutable, "events that nobody listens to"), essential=False),
        ProbeResult("dead_letters", _some(backlog.parked, "events parked"), essential=False),
        ProbeResult("clock", _some(backlog.failing, "due rows failing"), essential=False),
    )


def _some(count: int, what: str) -> str | None:
    return f"{count} {what}" if count else None


def _broker(url: str) -> ProbeResult:
    # Not at the top: a web process never speaks AMQP and need not load it.
    from shared.messaging.rabbit_topology import ping

    try:
        ping(url)
    except Unreachable as error:
        return ProbeResult("broker", str(error))
    return ProbeResult("broker", None)
