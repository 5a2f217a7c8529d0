"""What a service is made of, whichever process runs it. Each service's `app.py` builds one of these from its Config."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from flask import Flask
from sqlalchemy import MetaData

from shared.contracts.base import Event
from shared.metrics import Metrics
from shared.timekeeping import Clock
from shared.unit_of_work import U, Units


@dataclass(frozen=True, slots=True)
class Due:
    """Work whose time has come, as it was put on the clock by `UnitOfWork.schedule`."""

    id: UUID
    kind: str
    key: str
    due_at: datetime
    payload: dict[str, Any]


Handlers = Mapping[type[Event], Callable[[U, Any], None]]
DueHandlers = Mapping[str, Callable[[U, Due], None]]


@dataclass(frozen=True)
class Loop:
    """Something of a service's own that its worker runs again and again, such as sending what is queued.

    `step` does a bounded amount and says whether there may be more at once; otherwise it is called again after
    `every` seconds, or sooner when the service publishes something.
    """

    name: str
    step: Callable[[], bool]
    every: float = 1.0
    close: Callable[[], None] | None = None
    """Called once when the worker stops."""


@dataclass(frozen=True)
class Service(Generic[U]):
    """One service: its database, its units of work, what sets it off, and its pages."""

    name: str
    units: Units[U]
    metadata: MetaData
    migrations: str
    """Dotted name of the package with the alembic environment."""
    clock: Clock
    handlers: Handlers[U]
    due_handlers: DueHandlers[U]
    web: Flask
    loops: tuple[Loop, ...] = ()
    metrics: Metrics = field(default_factory=Metrics)
    check: Callable[[], None] = lambda: None
    """Looks whether it can start as it is configured; raises ConfigError."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
