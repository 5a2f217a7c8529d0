"""The tables that every service has for the rights of people: who was erased, and what is kept how long."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, Uuid

from shared.database import Json, UtcDateTime, new_metadata

_metadata = new_metadata()

erased_people = Table(
    "erased_people",
    _metadata,
    # A number drawn at random: all that is left of somebody.
    Column("person_id", Uuid, primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False, index=True),
    # Salted hashes of the addresses they had, while events of before the erasure may still come; then emptied.
    Column("salt", String(40), nullable=False),
    Column("addresses", Json, nullable=False),
)

retention_rules = Table(
    "retention_rules",
    _metadata,
    Column("kind", String(60), primary_key=True),
    # Days, or NULL to keep without end.
    Column("days", Integer),
    Column("reason", Text, nullable=False),
    Column("changed_by", String(400), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

retention_runs = Table(
    "retention_runs",
    _metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    # Kind -> how many rows went.
    Column("counts", Json, nullable=False),
)


def add_data_tables(metadata: MetaData) -> None:
    """Copy these tables into a service's own metadata, so that its migrations carry them."""
    for table in _metadata.sorted_tables:
        table.to_metadata(metadata)
