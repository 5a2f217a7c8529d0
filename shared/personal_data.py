"""What a service holds on people, as data: one line for each table, read by export, erasure and the tests.

A table that is neither in the register nor named as holding nothing personal fails a test, so that what a person
downloads and what is erased stay whole when tables are added.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, MetaData, String, Table, delete, false, or_, select, update
from sqlalchemy.orm import Session

Erase = Literal["delete", "blank", "keep"]
Rows = dict[str, list[dict[str, Any]]]
"""Table -> rows as JSON values."""

PERSON, ADDRESS = "person", "address"


@dataclass(frozen=True)
class Holding:
    """Rows of one table that are about a person.

    `by` maps a column to what it must equal: PERSON (their id), ADDRESS (one of their addresses), or "table.column" of
    another line of the register, whose rows are theirs. Any one of them is enough. `erase` says what erasure does:
    "blank" sets the columns in `blank` (to a value, or by a function of what stands there) and leaves an anonymous row,
    for the reason `why`. Columns in `hidden` are never exported: secrets, and what is about somebody else. One table
    may have several lines, for people who stand in different relations to it.
    """

    table: str
    kind: str
    by: Mapping[str, str]
    erase: Erase
    blank: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    hidden: frozenset[str] = frozenset()
    exported: bool = True


@dataclass(frozen=True)
class Register:
    """A service's whole register. `impersonal` names the tables without personal data."""

    metadata: MetaData
    holdings: tuple[Holding, ...]
    impersonal: frozenset[str]

    def of(self, table: str) -> Holding:
        """The first line of a table; raises StopIteration for one that has none."""
        return next(each for each in self.holdings if each.table == table)

    @property
    def tables(self) -> frozenset[str]:
        """The tables with personal data."""
        return frozenset(each.table for each in self.holdings)


@dataclass(frozen=True)
class Subject:
    """Whose data: their id, and the addresses that they are known under."""

    person_id: uuid.UUID
    addresses: frozenset[str] = frozenset()


def gather(session: Session, register: Register, subject: Subject) -> Rows:
    """Everything the register says is theirs, table by table, as JSON values; empty tables are left out."""
    found: Rows = {}
    for holding in register.holdings:
        if not holding.exported:
            continue
        table = register.metadata.tables[holding.table]
        shown = [column for column in table.columns if column.name not in holding.hidden]
        rows = session.execute(select(*shown).where(belongs(register, holding, subject)).order_by(*table.primary_key))
        if listed := [{name: plain(value) for name, value in row._mapping.items()} for row in rows]:
            found.setdefault(holding.table, []).extend(listed)
    return found


def plain(value: Any) -> Any:
    """A stored value as JSON: moments in ISO 8601 UTC, ids as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def belongs(register: Register, holding: Holding, subject: Subject) -> ColumnElement[bool]:
    """The condition that a row of the holding's table is about the subject."""
    table = register.metadata.tables[holding.table]
    return or_(false(), *(_is(register, table, column, source, subject) for column, source in holding.by.items()))


def _is(register: Register, table: Table, column: str, source: str, subject: Subject) -> ColumnElement[bool]:
    here = table.columns[column]
    if source == PERSON:
        wanted: Any = str(subject.person_id) if isinstance(here.type, String) else subject.person_id
        same: ColumnElement[bool] = here == wanted
        return same
    if source == ADDRESS:
        return here.in_(sorted(subject.addresses)) if subject.addresses else false()
    parent, _, key = source.partition(".")
    there = register.metadata.tables[parent]
    return here.in_(select(there.columns[key]).where(belongs(register, register.of(parent), subject)))


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind were deleted or blanked, and how many of each reason remain without their data."""

    erased: dict[str, int]
    kept: dict[str, int]


def erase(session: Session, register: Register, subject: Subject) -> Erased:
    """Delete and blank what is theirs. Doing it again finds what has come since, and counts only that as deleted."""
    theirs = [(holding, _keys(session, register, holding, subject)) for holding in register.holdings]
    order = {table.name: place for place, table in enumerate(reversed(register.metadata.sorted_tables))}
    erased: dict[str, int] = {}
    kept: dict[str, int] = {}
    # Rows that point to others go before them.
    for holding, keys in sorted(theirs, key=lambda each: order[each[0].table]):
        for key in keys:
            _apply(session, register.metadata.tables[holding.table], holding, key)
        if keys and holding.erase != "keep":
            erased[holding.kind] = erased.get(holding.kind, 0) + len(keys)
        if keys and holding.why:
            kept[holding.why] = kept.get(holding.why, 0) + len(keys)
    session.expire_all()
    return Erased(erased, kept)


def _keys(session: Session, register: Register, holding: Holding, subject: Subject) -> Sequence[Any]:
    table = register.metadata.tables[holding.table]
    return session.execute(select(*table.primary_key).where(belongs(register, holding, subject))).all()


def _apply(session: Session, table: Table, holding: Holding, key: Sequence[Any]) -> None:
    this = [column == value for column, value in zip(table.primary_key, key, strict=True)]
    if holding.erase == "delete":
        session.execute(delete(table).where(*this))
    elif holding.erase == "blank" and holding.blank:
        before = session.execute(select(table).where(*this)).one()._mapping
        values = {name: _blank(value, key, before[name]) for name, value in holding.blank.items()}
        session.execute(update(table).where(*this).values(**values))


def _blank(value: Any, key: Sequence[Any], before: Any) -> Any:
    """What to put in a column. In a text, "{id}" stands for the row's own key and "{short}" for the end of it, so that
    columns which must differ from row to row do."""
    if callable(value):
        return value(before)
    return value.format(id=key[0], short=str(key[0])[-12:]) if isinstance(value, str) else value


def unlisted(register: Register, messaging: Iterable[str]) -> list[str]:
    """Tables that no line speaks of: each needs one, or a place among the impersonal ones."""
    known = register.tables | register.impersonal | set(messaging)
    return sorted(set(register.metadata.tables) - known)
