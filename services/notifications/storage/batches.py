"""Messages that wait together for staff to look at them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.domain.states import State
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.sending_tables import BatchRow
from services.notifications.storage.tables import MessageRow
from shared.errors import NotFound
from shared.ids import new_id


class Batches:
    """Every batch that was ever held."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, cause: str, kind: str, now: datetime) -> BatchRow:
        """The batch of this cause, begun if there is none. One that was stopped is held again for what comes later."""
        values: dict[str, Any] = {"id": new_id(), "cause": cause, "kind": kind, "state": "held", "held_at": now}
        self._session.execute(insert_new(self._session, BatchRow), values)
        # Locked: a message that comes while staff decide must not be left behind by their decision.
        row = self._session.scalars(select(BatchRow).where(BatchRow.cause == cause).with_for_update()).one()
        if row.state == "cancelled":
            row.state, row.decided_at, row.decided_by = "held", None, None
        return row

    def get(self, batch_id: UUID, *, lock: bool = False) -> BatchRow:
        """A batch; raises NotFound."""
        row = self._session.get(BatchRow, batch_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such batch.")
        return row

    def listed(self, limit: int = 100) -> list[tuple[BatchRow, int, int]]:
        """Batches, newest first, each with how many messages it has and how many of them are still held."""
        rows = list(self._session.scalars(select(BatchRow).order_by(BatchRow.held_at.desc()).limit(limit)))
        counted = self._session.execute(
            select(MessageRow.batch_id, MessageRow.state, func.count())
            .where(MessageRow.batch_id.in_([row.id for row in rows]))
            .group_by(MessageRow.batch_id, MessageRow.state)
        )
        total: dict[UUID | None, int] = {}
        held: dict[UUID | None, int] = {}
        for batch_id, state, count in counted:
            total[batch_id] = total.get(batch_id, 0) + count
            held[batch_id] = held.get(batch_id, 0) + count * (state == State.HELD.value)
        return [(row, total.get(row.id, 0), held.get(row.id, 0)) for row in rows]

    def messages(self, batch_id: UUID, *, lock: bool = False) -> list[MessageRow]:
        """A batch's messages in the order of names."""
        query = select(MessageRow).where(MessageRow.batch_id == batch_id)
        query = query.order_by(MessageRow.id).with_for_update() if lock else query
        rows = self._session.scalars(query)
        return sorted(rows, key=lambda row: (row.kind, row.name.casefold(), row.id))
