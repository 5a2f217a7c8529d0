"""Where the bytes of files are kept, always sealed: in the database, or in a folder of the operator's choice.

A third place is a bucket: `bucket.py`.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.applications.storage.tables import StoredFileRow
from shared.errors import NotFound

_NAME = re.compile(r"[0-9a-f-]{8,80}")
_PARTIAL = ".part"


class FileStore(Protocol):
    """Bytes by a name of ours: hexadecimal digits and dashes, never one that a person typed."""

    def put(self, name: str, body: bytes) -> None:
        """Keep a file."""

    def get(self, name: str) -> bytes:
        """Its bytes; raises NotFound."""

    def head(self, name: str, length: int) -> bytes:
        """Its first bytes, at most `length` (one or more) of them; raises NotFound."""

    def drop(self, name: str) -> None:
        """Forget it; twice is once."""

    def names(self, before: datetime) -> Iterator[str]:
        """The names of all files that were put before a moment, what a crash left half-written among them."""


class DatabaseFiles:
    """Files in a table: saved and backed up with everything else, and in the same transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, name: str, body: bytes) -> None:
        """Keep a file."""
        self._session.add(StoredFileRow(name=checked(name), body=body))
        self._session.flush()

    def get(self, name: str) -> bytes:
        """Its bytes; raises NotFound."""
        row = self._session.get(StoredFileRow, checked(name))
        if row is None:
            raise gone()
        return row.body

    def head(self, name: str, length: int) -> bytes:
        """How it begins, without reading the whole of it; raises NotFound."""
        head = select(func.substr(StoredFileRow.body, 1, length)).where(StoredFileRow.name == checked(name))
        found = self._session.scalar(head)
        if found is None:
            raise gone()
        return bytes(found)

    def drop(self, name: str) -> None:
        """Forget it; twice is once."""
        self._session.execute(delete(StoredFileRow).where(StoredFileRow.name == checked(name)))

    def names(self, before: datetime) -> Iterator[str]:
        """All names: a row and what is known of it come together, so that none is too young to be judged."""
        yield from self._session.scalars(select(StoredFileRow.name).execution_options(yield_per=1000))


class FolderFiles:
    """Files in a folder that every web and worker process of this service sees. Back it up with the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, body: bytes) -> None:
        """Keep a file: whole, or not at all."""
        path = self._path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(_PARTIAL)
        with partial.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def get(self, name: str) -> bytes:
        """Its bytes; raises NotFound."""
        return self._read(name, -1)

    def head(self, name: str, length: int) -> bytes:
        """How it begins; raises NotFound."""
        return self._read(name, length)

    def _read(self, name: str, length: int) -> bytes:
        try:
            with self._path(name).open("rb") as file:
                return file.read(length)
        except FileNotFoundError:
            raise gone() from None

    def drop(self, name: str) -> None:
        """Forget it; twice is once."""
        self._path(name.removesuffix(_PARTIAL)).with_name(name).unlink(missing_ok=True)

    def names(self, before: datetime) -> Iterator[str]:
        """The names of files that were put before a moment: a younger one may belong to a transaction under way."""
        for path in self._folder.glob("??/*"):
            try:
                if _NAME.fullmatch(path.name.removesuffix(_PARTIAL)) and path.stat().st_mtime < before.timestamp():
                    yield path.name
            except FileNotFoundError:
                continue  # thrown away meanwhile

    def _path(self, name: str) -> Path:
        # Two signs from the end, where the ids of files differ, share the files out among folders.
        return self._folder / checked(name)[-2:] / name


def gone() -> NotFound:
    """The error for a file that is not here, or never was."""
    return NotFound("This file is not here any more.")


def checked(name: str) -> str:
    """The same, if it is one of ours; raises NotFound."""
    if not _NAME.fullmatch(name):
        raise gone()
    return name
