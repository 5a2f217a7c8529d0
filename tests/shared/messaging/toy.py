"""A small world for messaging tests: one event, services that note what they handled, handlers that fail on demand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, Uuid, insert, select

from shared.contracts.base import Event, contract
from shared.database import new_metadata, open_engine
from shared.ids import new_id
from shared.messaging.tables import add_messaging_tables, dead_letters, outbox
from shared.service import Loop, Service
from shared.timekeeping import Clock, MovableClock
from shared.unit_of_work import UnitOfWork, Units

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contract("toy.happened", subject="thing_id")
@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    """Something happened to a thing."""

    thing_id: UUID
    number: int
    note: str = ""


@contract("alpha.echoed", subject="thing_id")
@dataclass(frozen=True, kw_only=True)
class Echoed(Event):
    """A listener's answer to Happened."""

    thing_id: UUID
    number: int


@contract("toy.ignored", subject="thing_id")
@dataclass(frozen=True, kw_only=True)
class Ignored(Event):
    """Nobody listens to this."""

    thing_id: UUID


def toy_metadata() -> MetaData:
    """The messaging tables and one for what handlers did."""
    metadata = new_metadata()
    add_messaging_tables(metadata)
    Table(
        "effects",
        metadata,
        Column("position", Integer, primary_key=True, autoincrement=True),
        Column("thing_id", Uuid, nullable=False),
        Column("number", Integer, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("kind", String(40), nullable=False),
    )
    return metadata


METADATA = toy_metadata()
effects = METADATA.tables["effects"]


class Toy:
    """One service on a database of its own."""

    def __init__(self, name: str, url: str, clock: Clock | None = None, *, echo: bool = False) -> None:
        self.name = name
        self.engine: Engine = open_engine(url)
        METADATA.create_all(self.engine)
        self.clock = clock or MovableClock(START)
        self.units: Units[UnitOfWork] = Units(self.engine, self.clock, UnitOfWork, name)
        self.trouble: Callable[[UnitOfWork, Happened], object] = lambda _unit, _event: None
        self.due_trouble: Callable[[UnitOfWork, object], object] = lambda _unit, _due: None
        self.loops: tuple[Loop, ...] = ()
        self._echo = echo

    def service(self, *, listens: bool = True) -> Service[UnitOfWork]:
        """As the worker takes it."""
        return Service(
            name=self.name,
            units=self.units,
            metadata=METADATA,
            migrations="",
            clock=self.clock,
            handlers=self.handlers if listens else {},
            due_handlers={"remind": self.remind},
            web=Flask(self.name),
            loops=self.loops,
        )

    @property
    def handlers(self) -> dict[type[Event], Callable[[UnitOfWork, Happened], None]]:
        """What this service listens to."""
        return {Happened: self.handle}

    def handle(self, unit: UnitOfWork, event: Happened) -> None:
        """Write down the event, after whatever trouble the test wants."""
        self._write(unit, event.thing_id, event.number, "happened", unit.cause.sequence)
        if self._echo:
            unit.publish(Echoed(thing_id=event.thing_id, number=event.number))
        self.trouble(unit, event)

    def remind(self, unit: UnitOfWork, due: object) -> None:
        """Write down the due row."""
        self._write(unit, UUID(due.key), due.payload.get("number", 0), "due", 0)
        self.due_trouble(unit, due)

    def _write(self, unit: UnitOfWork, thing: UUID, number: int, kind: str, sequence: int) -> None:
        unit.session.execute(insert(effects).values(thing_id=thing, number=number, kind=kind, sequence=sequence))

    def publish(self, *events: Event) -> None:
        """All in one unit of work."""
        with self.units.begin() as unit:
            for event in events:
                unit.publish(event)

    def insert_raw(self, body: str, *, type: str = "toy.happened", subject: str = "thing/raw") -> None:
        """A row that no unit of work would write."""
        with self.engine.begin() as connection:
            values = {"id": new_id(), "type": type, "subject": subject, "sequence": 1, "shard": 0, "body": body}
            connection.execute(insert(outbox).values(**values, created_at=self.clock()))

    def numbers(self, thing: UUID | None = None) -> list[int]:
        """The numbers handled, in order; of one thing or of all."""
        query = select(effects.c.number).order_by(effects.c.position)
        if thing is not None:
            query = query.where(effects.c.thing_id == thing)
        with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            return list(connection.scalars(query))

    def letters(self) -> list[object]:
        """The rows of the dead letters."""
        with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            return list(connection.execute(select(dead_letters).order_by(dead_letters.c.parked_at)))

    def waiting(self) -> int:
        """Rows in the outbox."""
        with self.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            return len(connection.execute(select(outbox.c.id)).all())


def happened(thing: UUID, *numbers: int) -> list[Happened]:
    """Events of one thing."""
    return [Happened(thing_id=thing, number=number) for number in numbers]
