"""Every sealed column of this service: which keys they need, and sealing them anew with the newest key."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.applications.storage.files import DatabaseFiles, FileStore
from services.applications.storage.sealing import Sealer
from services.applications.storage.tables import (
    DataRequestRow,
    ErasureRow,
    PersonRow,
    SetApartRow,
    UploadRow,
)
from shared.errors import NotFound

_LONGEST_KEY = 80


@dataclass(frozen=True)
class SealedColumn:
    """A column, the key columns of its rows, and the context that a row's seal is tied to."""

    column: InstrumentedAttribute[Any]
    keys: tuple[InstrumentedAttribute[Any], ...]
    context: Callable[[Any], str]

    @property
    def name(self) -> str:
        """Table and column."""
        return str(self.column)


SEALED = (
    SealedColumn(PersonRow.totp_secret, (PersonRow.id,), lambda row: f"totp/{row.id}"),
    SealedColumn(
        SetApartRow.sealed,
        (SetApartRow.application_id, SetApartRow.purpose),
        lambda row: f"{row.purpose}/{row.application_id}",
    ),
    SealedColumn(DataRequestRow.private_key, (DataRequestRow.id,), lambda row: f"data-request/{row.id}"),
    SealedColumn(ErasureRow.contact, (ErasureRow.id,), lambda row: f"erasure/{row.id}"),
)


def keys_in_use(session: Session) -> Counter[str]:
    """Key id -> how many values it sealed."""
    found: Counter[str] = Counter()
    for sealed in SEALED:
        query = select(sealed.column).where(sealed.column.is_not(None)).execution_options(yield_per=1000)
        for text in session.scalars(query):
            found[str(text).partition(":")[0]] += 1
    return found


def file_keys(session: Session, files: FileStore) -> Counter[str]:
    """Key id -> how many files it sealed."""
    found: Counter[str] = Counter()
    for name in session.scalars(select(UploadRow.stored)):
        try:
            found[files.head(name, _LONGEST_KEY).partition(b":")[0].decode("utf-8", "replace")] += 1
        except NotFound:
            continue  # thrown away, and the line about it stays for its owner to read
    return found


def reseal_files(
    session: Session, sealer: Sealer, files: FileStore, limit: int, after: UUID | None
) -> tuple[int, UUID | None]:
    """Seal files anew among the next `limit` after an id: how many were, and the id to go on after (None: done)."""
    query = select(UploadRow).order_by(UploadRow.id).limit(limit)
    rows = list(session.scalars(query.where(UploadRow.id > after) if after else query))
    done = 0
    for row in rows:
        try:
            sealed = files.get(row.stored)
        except NotFound:
            continue
        if sealed.startswith(f"{sealer.newest}:".encode()):
            continue
        context = f"upload/{row.id}"
        anew = sealer.seal_bytes(sealer.open_bytes(sealed, context), context)
        if isinstance(files, DatabaseFiles):
            files.drop(row.stored)  # a folder replaces a file in one step; a table does so by the transaction
        files.put(row.stored, anew)
        done += 1
    return done, rows[-1].id if rows else None


def left(session: Session, sealer: Sealer) -> int:
    """How many values an older key sealed."""
    return sum(count for key, count in keys_in_use(session).items() if not sealer.is_current(f"{key}:"))


def reseal(session: Session, sealer: Sealer, limit: int) -> int:
    """Seal up to `limit` values anew; how many were found. A value that changes meanwhile is left for the next time."""
    for sealed in SEALED:
        older = (sealed.column.is_not(None), sealed.column.not_like(f"{sealer.newest}:%"))
        rows: Any = session.execute(select(*sealed.keys, sealed.column.label("text")).where(*older).limit(limit)).all()
        for row in rows:
            this = [key == getattr(row, key.key) for key in sealed.keys]
            context = sealed.context(row)
            values = {sealed.column.key: sealer.seal(sealer.open(row.text, context), context)}
            session.execute(update(sealed.column.class_).where(*this, sealed.column == row.text).values(**values))
        if rows:
            return len(rows)
    return 0
