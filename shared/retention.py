"""How long each kind of data is kept: a schedule that administrators change, a look at what is due, and the doing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.data_tables import retention_rules, retention_runs
from shared.errors import Invalid
from shared.ids import new_id
from shared.unit_of_work import UnitOfWork, Units

DAY = timedelta(days=1)
LONGEST = 36_500
Count = Callable[[Any, datetime], int]
"""(unit of work, the moment before which it is too old) -> how many things."""


@dataclass(frozen=True)
class Kind:
    """A kind of data. `days` is how long it is kept unless somebody says otherwise; None: without end.

    `look` counts what is older than a moment and changes nothing; `act` deletes or empties it, and counts what it did.
    `least` is the shortest time that may be chosen.
    """

    name: str
    about: str
    days: int | None
    look: Count
    act: Count
    least: int = 1


@dataclass(frozen=True)
class Planned:
    """A kind with the time that counts now, and how much of it is due."""

    kind: Kind
    days: int | None
    due: int
    changed_by: str = ""
    reason: str = ""


def old_rows(name: str, about: str, days: int, table: Table, column: str, *only: ColumnElement[bool]) -> Kind:
    """A kind whose rows are deleted when `column` is too long ago."""

    def condition(before: datetime) -> list[ColumnElement[bool]]:
        return [table.columns[column] < before, *only]

    def look(uow: UnitOfWork, before: datetime) -> int:
        query = select(func.count()).select_from(table).where(*condition(before))
        return int(uow.session.scalar(query) or 0)

    def act(uow: UnitOfWork, before: datetime) -> int:
        return int(uow.session.execute(delete(table).where(*condition(before))).rowcount)  # type: ignore[attr-defined]

    return Kind(name, about, days, look, act)


def plan(uow: Any, kinds: tuple[Kind, ...]) -> list[Planned]:
    """Every kind with what is due now: the dry run."""
    changed = {row.kind: row for row in uow.session.execute(select(retention_rules))}
    return [_planned(uow, kind, changed.get(kind.name)) for kind in kinds]


def _planned(uow: Any, kind: Kind, row: Any) -> Planned:
    days = kind.days if row is None else row.days
    due = 0 if days is None else kind.look(uow, uow.now - timedelta(days=days))
    return Planned(kind, days, due, row.changed_by if row else "", row.reason if row else "")


def change(uow: Any, kinds: tuple[Kind, ...], name: str, days: str, reason: str, by: str) -> None:
    """Keep a kind for another time; "" for without end. Raises Invalid naming what is wrong."""
    kind = next((each for each in kinds if each.name == name), None)
    problems: dict[str, list[str]] = {}
    if kind is None:
        problems["kind"] = ["Choose a kind of data from the list."]
    number = days.strip()
    least = kind.least if kind else 1
    if number and not (number.isascii() and number.isdigit() and least <= int(number[:6]) <= LONGEST):
        problems["days"] = [f"Write a number of days from {least}, or nothing to keep it without end."]
    if not reason.strip():
        problems["reason"] = ["Write why: others will ask."]
    if problems:
        raise Invalid(problems)
    values = {
        "days": int(number) if number else None,
        "reason": reason.strip()[:2000],
        "changed_by": by,
        "changed_at": uow.now,
    }
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(retention_rules).values(kind=name, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["kind"], set_=values))


def carry_out(units: Units[Any], kinds: tuple[Kind, ...]) -> Mapping[str, int]:
    """Do what is due, each kind in a transaction of its own; kind -> how much went."""
    counts = {}
    for kind in kinds:
        with units.begin() as uow:
            days = _planned(uow, kind, _rule(uow, kind)).days
            if days is not None:
                counts[kind.name] = kind.act(uow, uow.now - timedelta(days=days))
    with units.begin() as uow:
        uow.session.execute(retention_runs.insert().values(id=new_id(), at=uow.now, counts=counts))
        uow.session.execute(delete(retention_runs).where(retention_runs.c.at < uow.now - 400 * DAY))
    return counts


def _rule(uow: Any, kind: Kind) -> Any:
    return uow.session.execute(select(retention_rules).where(retention_rules.c.kind == kind.name)).first()


def last_run(uow: Any) -> Any:
    """When it was done last, and what went: a row with `at` and `counts`, or None."""
    return uow.session.execute(select(retention_runs).order_by(retention_runs.c.at.desc()).limit(1)).first()


def daily(units: Units[Any], kinds: tuple[Kind, ...]) -> Callable[[], bool]:
    """A step for a service's worker: does it once a day, whichever worker comes first."""

    def step() -> bool:
        with units.begin(write=False) as uow:
            last = last_run(uow)
            due = last is None or uow.now - last.at >= DAY
        if due:
            carry_out(units, kinds)
        return False

    return step
