"""What every repository starts from."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.cohorts.storage.tables import Base
from shared.errors import NotFound

R = TypeVar("R", bound=Base)
_BATCH = 500


class Repository:
    """Rows of some tables, within one session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, *rows: Base) -> None:
        """Keep new rows."""
        self.session.add_all(rows)

    def _get(self, table: type[R], id: UUID, what: str, *, lock: bool = False) -> R:
        """The row; `lock` makes other writers wait and reads what is there now. Raises NotFound naming `what`."""
        row = self.session.get(table, id, with_for_update=lock or None, populate_existing=lock)
        if row is None:
            raise NotFound(f"There is no such {what}.")
        return row


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """`values` in lists short enough for one IN (...)."""
    listed = list(values)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]
