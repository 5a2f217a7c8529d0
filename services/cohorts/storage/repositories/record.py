"""The decision record: only ever added to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.cohorts.domain import record
from services.cohorts.domain.actor import Actor
from services.cohorts.storage.tables import RecordEntry, RecordHead

_HEAD = 1


class Record:
    """Who did what, when, on which data; each entry sealed with the hash of the one before."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now

    def write(self, actor: Actor, action: str, round_id: UUID | None, **detail: Any) -> RecordEntry:
        """Add an entry. `detail` holds JSON values and no more personal data than ids."""
        head = self._head()
        entry = record.Entry(
            position=head.position + 1,
            at=self.now,
            actor_id=actor.person_id,
            actor=actor.name,
            action=action,
            round_id=round_id,
            detail=detail,
            previous=head.hash,
        )
        row = RecordEntry(**_columns(entry), hash=record.seal(entry))
        self.session.add(row)
        head.position, head.hash = row.position, row.hash
        self.session.flush()
        return row

    def _head(self) -> RecordHead:
        dialect = sqlite if self.session.get_bind().dialect.name == "sqlite" else postgresql
        first = dialect.insert(RecordHead).values(id=_HEAD, position=0, hash=record.GENESIS)
        self.session.execute(first.on_conflict_do_nothing())
        # The lock on this one row is what makes two writers follow each other.
        statement = select(RecordHead).where(RecordHead.id == _HEAD).with_for_update()
        return self.session.scalars(statement.execution_options(populate_existing=True)).one()

    def verify(self) -> record.Verdict:
        """Check the whole record, in constant memory."""
        return record.verify(self.links(), self.head())

    def head(self) -> tuple[int, str]:
        """How many entries there are, and the last seal."""
        head = self.session.get(RecordHead, _HEAD)
        return (head.position, head.hash) if head else (0, record.GENESIS)

    def links(self) -> Iterator[record.Link]:
        """The whole chain in order, a few at a time."""
        statement = select(RecordEntry).order_by(RecordEntry.position).execution_options(yield_per=500)
        for row in self.session.scalars(statement):
            yield record.link(_entry(row), row.hash)

    def of_round(self, round_id: UUID, limit: int | None = 200) -> list[RecordEntry]:
        """The round's newest entries, the newest first; every one where `limit` is None."""
        statement = select(RecordEntry).where(RecordEntry.round_id == round_id)
        return list(self.session.scalars(statement.order_by(RecordEntry.position.desc()).limit(limit)))


def _columns(entry: record.Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__slots__}


def _entry(row: RecordEntry) -> record.Entry:
    return record.Entry(**{name: getattr(row, name) for name in record.Entry.__slots__})
