"""What happened to messages beside their plain way from the queue to the next server."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.storage.sending_tables import HistoryRow
from shared.ids import new_id


class History:
    """One line for each event of each message."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, message_id: UUID, what: str, at: datetime, reason: str = "", by: UUID | None = None) -> None:
        """Write a line."""
        row = HistoryRow(id=new_id(), message_id=message_id, at=at, what=what, reason=reason, by=by)
        self._session.add(row)

    def of(self, message_id: UUID) -> list[HistoryRow]:
        """A message's lines, oldest first."""
        query = select(HistoryRow).where(HistoryRow.message_id == message_id)
        return list(self._session.scalars(query.order_by(HistoryRow.at, HistoryRow.id)))
