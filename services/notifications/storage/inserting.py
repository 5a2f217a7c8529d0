"""INSERT that leaves what is there alone, in the words of either database."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: Any) -> Any:
    """An INSERT ... ON CONFLICT DO NOTHING into `table`: two processes may insert the same thing at once."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()
