"""What the checks look at: rows of the three databases, and the letters of the mail sink. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Row, select

SERVICES = ("applications", "cohorts", "notifications")
AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Letter:
    """A message as it arrived: the id that our Message-ID carries, and to whom it was delivered."""

    id: str
    recipient: str


@dataclass(frozen=True)
class Evidence:
    """Service -> table -> rows, as they stood when they were read; every letter, or None if there is no sink; and the
    names in the folder of uploaded files, or None if they are in the database or nobody said where they are."""

    tables: Mapping[str, Mapping[str, Sequence[AnyRow]]]
    letters: Sequence[Letter] | None
    files: frozenset[str] | None = None

    def of(self, service: str, table: str) -> Sequence[AnyRow]:
        """The rows of a table."""
        return self.tables[service][table]


COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "applications": {
        "applications": (*("id", "round_id", "person_id", "reference", "state", "submitted_at", "erased_at"),),
        "rounds": ("id", "rules_version"),
        "scores": ("application_id", "round_id", "rules_version", "made_by", "score", "breakdown"),
        "people": ("id", "name", "email", "roles"),
        "deliveries": ("message_id", "state"),
        "uploads": ("id", "application_id", "stored", "state"),
        "stored_files": ("name",),
        "erased_people": ("person_id",),
        "erasures": ("id", "person_id", "state", "contact"),
    },
    "cohorts": {
        "applications": ("id", "round_id", "person_id", "reference", "state", "priority_score", "rules_version"),
        "application_identities": ("application_id",),
        "people": ("id", "name", "email", "roles"),
        "erased_people": ("person_id",),
    },
    "notifications": {
        "messages": ("id", "kind", "about", "person_id", "email", "state", "finished_at", "unknown_retries"),
        "contacts": ("person_id", "name", "email"),
        "erased_people": ("person_id",),
    },
}
"""What is read of each service's own tables."""

MESSAGING: Mapping[str, tuple[str, ...]] = {
    "outbox": ("position", "type", "subject", "problem"),
    "outbox_sequences": ("subject", "last"),
    "inbox": ("listener", "source", "event_id", "processed_at"),
    "dead_letters": ("id", "type", "reason"),
    "embedded_retries": ("listener", "position"),
    "due": ("kind", "key", "attempts", "last_error"),
}
"""What is read of the tables that every service has."""


def read(
    engines: Mapping[str, Engine], letters: Sequence[Letter] | None, files: frozenset[str] | None = None
) -> Evidence:
    """Read each database in one transaction. Raises sqlalchemy's errors."""
    return Evidence({service: _read(service, engines[service]) for service in SERVICES}, letters, files)


def _read(service: str, engine: Engine) -> dict[str, Sequence[AnyRow]]:
    metadata = _metadata(service)
    snapshot = engine.execution_options(sqlite_begin="DEFERRED")
    if engine.dialect.name == "postgresql":
        snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
    with snapshot.connect() as connection:
        return {
            name: connection.execute(select(*(metadata.tables[name].c[column] for column in columns))).all()
            for name, columns in {**COLUMNS[service], **MESSAGING}.items()
        }


def _metadata(service: str) -> MetaData:
    if service == "applications":
        from services.applications.storage.tables import metadata
    elif service == "cohorts":
        from services.cohorts.storage.tables import metadata
    else:
        from services.notifications.storage.tables import metadata
    return metadata


def files_in(folder: Path) -> frozenset[str]:
    """The names of files in the folder where uploads are kept."""
    return frozenset(path.name for path in folder.glob("??/*") if path.is_file())


def letters_in(folder: Path) -> list[Letter]:
    """The letters of a mail folder, as the folder mailer leaves them."""
    parser = BytesHeaderParser(policy=default)
    found = []
    for path in sorted(folder.glob("*.eml")):
        with path.open("rb") as file:
            headers = parser.parse(file)
        found.append(letter(headers, str(headers["Delivered-To"] or "")))
    return found


def letter(headers: Message, recipient: str) -> Letter:
    """A letter from its headers: the id is the left side of its Message-ID."""
    return Letter(str(headers["Message-ID"] or "").strip().strip("<>").partition("@")[0], recipient)
