"""The tables that every service's database has for messaging, due work and repeated requests."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.database import Json, UtcDateTime, new_metadata

_metadata = new_metadata()
_BigSerial = BigInteger().with_variant(Integer, "sqlite")

outbox = Table(
    "outbox",
    _metadata,
    # Assigned while the subject's sequence row is locked, so that positions and sequences agree.
    Column("position", _BigSerial, primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("type", String(100), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("shard", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Why the relay could not get rid of the row, and when it tries again: "unroutable" when nobody listens.
    Column("problem", String(60)),
    Column("retry_at", UtcDateTime),
    # Without AUTOINCREMENT an emptied SQLite table starts again at 1, and listeners' marks would skip new rows.
    sqlite_autoincrement=True,
)

outbox_sequences = Table(
    "outbox_sequences",
    _metadata,
    Column("subject", String(120), primary_key=True),
    Column("last", Integer, nullable=False),
)

inbox = Table(
    "inbox",
    _metadata,
    Column("listener", String(40), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("processed_at", UtcDateTime, nullable=False, index=True),
)

dead_letters = Table(
    "dead_letters",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("listener", String(40), nullable=False),
    # The event's id, or the hash of a body that cannot be read.
    Column("event_id", String(64), nullable=False),
    Column("type", String(100), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("history", Json, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False, index=True),
    # Set by the operator's `replay`; the listener's worker takes it from here and clears it.
    Column("replay_requested_at", UtcDateTime, index=True),
    UniqueConstraint("listener", "event_id"),
)

due = Table(
    "due",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("key", String(160), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    # `due_at`, or later after a failure.
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("payload", Json, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("last_error", Text),
    UniqueConstraint("kind", "key"),
)

embedded_marks = Table(
    "embedded_marks",
    _metadata,
    Column("listener", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

embedded_retries = Table(
    "embedded_retries",
    _metadata,
    Column("listener", String(40), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", String(120), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("history", Json, nullable=False),
    Index("ix_embedded_retries_subject", "listener", "subject"),
)

idempotency_keys = Table(
    "idempotency_keys",
    _metadata,
    Column("scope", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),
    Column("headers", Json),
    Column("body", Text),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)


def add_messaging_tables(metadata: MetaData) -> None:
    """Copy these tables into a service's own metadata, so that its migrations carry them."""
    for table in _metadata.sorted_tables:
        table.to_metadata(metadata)
