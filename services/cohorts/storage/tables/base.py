"""The declarative base: how Python types become columns in this service."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

from shared.database import Json, UtcDateTime, new_metadata
from shared.ids import new_id

Code = Annotated[str, mapped_column(String(40))]
"""A short word of ours, such as a state."""
Line = Annotated[str, mapped_column(String(400))]
"""One line that a person wrote."""
Id = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Revision = Annotated[int, mapped_column(default=1)]
"""Counts the edits of a row, so that an edit made on an old copy is refused."""


class Base(DeclarativeBase):
    """Tables of the cohorts service."""

    metadata = new_metadata()
    type_annotation_map = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        list[str]: Json,
        list[dict[str, Any]]: Json,
        UUID: Uuid,
    }
