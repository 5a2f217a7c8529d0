"""The declarative base of this service, with the tables that messaging needs beside its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase

from shared.data_tables import add_data_tables
from shared.database import Json, UtcDateTime, new_metadata
from shared.messaging.tables import add_messaging_tables


class Base(DeclarativeBase):
    """Every table of the applications service."""

    metadata = new_metadata()
    type_annotation_map = {
        UUID: Uuid,
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
    }


add_messaging_tables(Base.metadata)
add_data_tables(Base.metadata)
