"""Who was erased: a number each, so that events which come late do not bring anybody back."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.data_tables import erased_people
from shared.database import one_of
from shared.messaging.tables import dead_letters, due, idempotency_keys

LATE = timedelta(days=30)
"""How long an event of before an erasure may still come: as long as the marks of handled events are kept."""


def mark_erased(session: Session, person_id: UUID, addresses: Iterable[str], now: datetime) -> None:
    """Remember that somebody was erased; once is enough."""
    salt = secrets.token_hex(16)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "person_id": person_id,
        "erased_at": now,
        "salt": salt,
        "addresses": sorted(_digest(salt, each) for each in addresses),
    }
    session.execute(dialect.insert(erased_people).values(**values).on_conflict_do_nothing())


def erased_among(session: Session, people: Iterable[UUID]) -> set[UUID]:
    """Those of these people who were erased."""
    wanted = sorted(set(people))
    found: set[UUID] = set()
    for start in range(0, len(wanted), 500):
        some = one_of(session, erased_people.c.person_id, wanted[start : start + 500])
        found.update(session.scalars(select(erased_people.c.person_id).where(some)))
    return found


def is_erased(session: Session, person_id: UUID | None) -> bool:
    """Whether this person was erased."""
    return person_id is not None and bool(erased_among(session, [person_id]))


def was_erased_since(session: Session, address: str, said_at: datetime) -> bool:
    """Whether somebody with this address was erased after it was said: then what was said must not be taken up."""
    rows = session.execute(
        select(erased_people.c.salt, erased_people.c.addresses).where(erased_people.c.erased_at >= said_at)
    )
    return any(_digest(row.salt, address) in row.addresses for row in rows)


def erased_with(session: Session, address: str) -> UUID | None:
    """Who was erased last with this address, as long as its hash is kept."""
    rows = session.execute(select(erased_people).where(erased_people.c.salt != "").order_by(erased_people.c.erased_at))
    found = [row.person_id for row in rows if _digest(row.salt, address) in row.addresses]
    return found[-1] if found else None


def forget_addresses(session: Session, before: datetime) -> int:
    """Empty the hashes of addresses that nothing late can concern any more; how many people."""
    late = (erased_people.c.erased_at < before, erased_people.c.salt != "")
    found = session.execute(update(erased_people).where(*late).values(salt="", addresses=[]))
    return int(found.rowcount)  # type: ignore[attr-defined]


def erase_leftovers(session: Session, person_id: UUID, applications: Iterable[UUID]) -> None:
    """Delete what messaging keeps of them: answers to repeated requests, dead letters about them, due work."""
    ids = [str(each) for each in applications]
    session.execute(delete(idempotency_keys).where(idempotency_keys.c.scope.like(f"{person_id}:%")))
    subjects = [f"person/{person_id}", *(f"application/{each}" for each in ids)]
    session.execute(delete(dead_letters).where(dead_letters.c.subject.in_(subjects)))
    keys = [due.c.key.like(f"{each}%") for each in [str(person_id), *ids]]
    session.execute(delete(due).where(or_(*keys)))


def _digest(salt: str, address: str) -> str:
    return hashlib.sha256(f"{salt}:{address.strip().casefold()}".encode()).hexdigest()
