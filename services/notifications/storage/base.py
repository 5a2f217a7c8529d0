"""What all tables of this service share."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, text
from sqlalchemy.orm import DeclarativeBase

from shared.data_tables import add_data_tables
from shared.database import Json, UtcDateTime, new_metadata
from shared.messaging.tables import add_messaging_tables


class Base(DeclarativeBase):
    """Every table of the notifications service."""

    metadata = new_metadata()
    type_annotation_map = {UUID: Uuid, datetime: UtcDateTime, dict[str, Any]: Json, list[str]: Json}


add_messaging_tables(Base.metadata)
add_data_tables(Base.metadata)


def only_where(condition: str) -> dict[str, Any]:
    """An index of some rows only, in the words of either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
